import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing

@testable import Datasets

/// However a batch is loaded, by parts or whole, from memory or not, on one thread or several: its bytes are the same.
struct LoadingPathsTests {
  private let folder: TemporaryFolder
  private let a: [URL]
  private let b: [URL]

  /// Odd sizes, grey and coloured, JPEG and PNG.
  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    var generator = SeededGenerator(seed: 5)
    func files(_ domain: String, _ count: Int) throws -> [URL] {
      try (0..<count).map { index in
        let (width, height) = (25 + generator.int(below: 40), 25 + generator.int(below: 40))
        let channels = index % 3 == 0 ? 1 : 3
        let image = Image(
          width: width, height: height, channels: channels,
          bytes: (0..<width * height * channels).map { UInt8(($0 / 30) % 2 * 150 + generator.int(below: 90)) })
        let url = folder["\(domain)\(index)"]
        try image.encoded(as: index % 5 == 4 ? .png : .jpeg, quality: 80).write(to: url)
        return url
      }
    }
    a = try files("a", 11)
    b = try files("b", 7)
  }

  struct Case: CustomTestStringConvertible {
    let loadSize: Int?
    let channels: Int
    let flips: Bool
    var testDescription: String { "load size \(loadSize ?? 0), \(channels) channels, flips \(flips)" }
  }

  @Test(arguments: [
    Case(loadSize: nil, channels: 3, flips: true), Case(loadSize: nil, channels: 1, flips: true),
    Case(loadSize: 29, channels: 3, flips: true), Case(loadSize: 29, channels: 1, flips: false),
    Case(loadSize: 80, channels: 3, flips: true),
  ])
  func theSameBytesByEveryPath(_ test: Case) throws {
    let transform = ImageTransform(size: 24, loadSize: test.loadSize, channels: test.channels, flips: test.flips)
    let one = 25 * 25 * 3
    let whole = try plain(transform, steps: 0..<12)
    #expect(Set(whole).count == 12)
    for room in [0, one, 4 * one, Int.max / 2] {
      for threads in [1, 4] {
        let images = ScaledImages(room: room)
        let loader = try UnpairedLoader(a: a, b: b, transform: transform, batchSize: 2, seed: 9, images: images)
        let batches = Prefetcher(steps: 0..<12, threads: threads) { try loader.batch(step: $0) }
        for step in 0..<12 {
          let batch = try batches.next()
          #expect(batch.a.values + batch.b.values == whole[step], "step \(step), room \(room), \(threads) threads")
          #expect(batch.a.shape == [2, test.channels, 24, 24])
          #expect(images.bytes <= room)
        }
        if room > 1 << 30 { #expect(images.count > 10) }
      }
    }
  }

  /// The definition: decoded whole, cropped, flipped, put together.
  private func plain(_ transform: ImageTransform, steps: Range<Int>) throws -> [[Float]] {
    let loader = try UnpairedLoader(a: a, b: b, transform: transform, batchSize: 2, seed: 9)
    return try steps.map { step in
      let files = loader.files(step: step)
      return try [(files.a, "crop of A"), (files.b, "crop of B")].flatMap { urls, purpose in
        try urls.enumerated().flatMap { index, url in
          var generator = SeededGenerator(seed: 9, purpose: purpose, step, index)
          let image = try transform.random(url, &generator)
          return (0..<image.channels).flatMap { channel in
            (0..<24).flatMap { y in (0..<24).map { x in Float(image[x, y, channel]) / 127.5 - 1 } }
          }
        }
      }
    }
  }

  /// By what is kept and what is shuffled, epoch after epoch: nothing grows.
  @Test func nothingGrowsOverTenEpochs() throws {
    let transform = ImageTransform(size: 24, loadSize: 26, channels: 3)
    let room = 5 * 26 * 40 * 3
    let images = ScaledImages(room: room)
    let loader = try UnpairedLoader(a: a, b: b, transform: transform, batchSize: 1, seed: 1, images: images)
    var kept: [Int] = []
    for epoch in 0..<10 {
      for step in 0..<loader.stepsPerEpoch { _ = try loader.batch(step: epoch * loader.stepsPerEpoch + step) }
      kept.append(images.bytes)
    }
    #expect(kept[1] > 0 && kept[1] <= room)
    #expect(Set(kept.dropFirst()).count == 1)
  }

  @Test func aBrokenFileIsNamedAtItsStepAlone() throws {
    let broken = try UnpairedLoader(
      a: a, b: b, transform: ImageTransform(size: 24, loadSize: nil, channels: 3), batchSize: 1, seed: 2)
    let step = try #require((0..<11).first { broken.files(step: $0).a == [a[1]] })
    try FileBytes.all(of: a[1].path).prefix(300).write(to: a[1])
    let batches = Prefetcher(steps: 0..<11, threads: 3) { try broken.batch(step: $0) }
    for index in 0..<11 {
      if index == step {
        let error = #expect(throws: InputError.self) { try batches.next() }
        #expect(error?.place == a[1].path)
      } else {
        #expect(throws: Never.self) { try batches.next() }
      }
    }
  }
}
