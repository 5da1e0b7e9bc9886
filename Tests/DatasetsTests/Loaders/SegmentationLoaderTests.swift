import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// Spots are bright and holes dark, so pixels tell what their labels must be.
struct SegmentationLoaderTests {
  private let folder: TemporaryFolder
  private let images: LabelledImages
  private static let (width, height) = (60, 50)

  init() throws {
    folder = try TemporaryFolder()
    images = try LabelledImages([Self.write(to: folder["set"])], defects: ["hole", "spot"], split: .train)
  }

  /// Of 12 images 4 are clean, 8 have a spot, and one of those a hole too.
  private static func write(to url: URL, bright: UInt8 = 200) throws -> Dataset {
    let writer = try DatasetWriter(to: url, description: "", cleanName: "clean", categories: ["spot", "hole", "other"])
    for index in 0..<12 {
      var bytes = (0..<width * height).map { UInt8(90 + $0 % width / 3) }
      var labels: [DatasetWriter.Label] = []
      func add(_ name: String, _ value: UInt8, _ box: PixelBox) {
        var bits = [UInt8](repeating: 0, count: bytes.count)
        for y in box.y..<box.y + box.height {
          for x in box.x..<box.x + box.width { (bytes[y * width + x], bits[y * width + x]) = (value, 1) }
        }
        labels.append(.init(name, mask: Mask(width: width, height: height, bits: bits)))
      }
      if index % 3 != 0 { add("spot", bright, PixelBox(x: 3 * index, y: 20 + index, width: 9, height: 6)) }
      if index == 4 { add("hole", 20, PixelBox(x: 40, y: 5, width: 5, height: 12)) }
      try writer.add(
        Image(width: width, height: height, bytes: bytes), as: "\(index).png", labels: labels, split: .train,
        provenance: Provenance(source: "\(index)", group: "\(index)"))
    }
    let blank = Image(width: width, height: height, filledWith: 100)
    for (name, label, split) in [
      ("whole", DatasetWriter.Label("spot"), Split.train), ("unasked", .init("other"), .train),
      ("test", .init("spot"), .test),
    ] {
      try writer.add(
        blank, as: "\(name).png", labels: [label], split: split,
        provenance: Provenance(source: name, group: name))
    }
    return try writer.finish()
  }

  private func loader(
    size: Int = 24, share: Double = 0.5, turns: Bool = true, tones: Bool = false, seed: UInt64 = 5, batchSize: Int = 8,
    channels: Int = 1
  ) throws -> SegmentationLoader {
    try SegmentationLoader(
      images: images, size: size, channels: channels, defectShare: share, turns: turns, tones: tones,
      batchSize: batchSize, seed: seed)
  }

  @Test func imagesTakePartByWhatIsKnownOfThem() throws {
    #expect(images.classNames == ["clean", "hole", "spot"])
    // "whole" has a label and no mask, "unasked" shows neither class, "test" stands elsewhere.
    #expect(images.items.count == 13 && images.mapped.items.count == 12)
    #expect(images.counts == [4, 1, 8])
    #expect(images.items.first { $0.image.fileName == "4.png" }?.label == 1, "the hole has 60 pixels, the spot 54")
    let item = try #require(images.items.first { $0.image.fileName == "4.png" })
    let map = item.labelMap()
    for y in 0..<Self.height {
      for x in 0..<Self.width {
        let expected =
          (40..<45).contains(x) && (5..<17).contains(y) ? 1 : (12..<21).contains(x) && (24..<30).contains(y) ? 2 : 0
        #expect(Int(map[y * Self.width + x]) == expected)
      }
    }
  }

  @Test func tonesChangeTheWindowsAndNotTheirClasses() throws {
    let (plain, toned) = (try loader(turns: false).batch(step: 0), try loader(turns: false, tones: true).batch(step: 0))
    #expect(plain.labels == toned.labels && plain.pixels.shape == toned.pixels.shape)
    #expect(plain.pixels.values != toned.pixels.values)
    #expect(try loader(turns: false, tones: true).batch(step: 0).pixels.values == toned.pixels.values)
  }

  @Test func severalSetsShareClassesByName() throws {
    let one = try Dataset(at: folder["set"])
    let other = try Self.write(to: folder["other"])
    let both = try LabelledImages([one, other], defects: ["spot"], split: .train)
    // Clean ones and those with spots; "whole" too.
    #expect(both.items.count == 2 * (4 + 8 + 1) && both.classNames == ["clean", "spot"])
    #expect(both.items[0].url.path.contains("/set/") && both.items[13].url.path.contains("/other/"))
    #expect(LabelledImages.defectNames(of: [one, other]) == ["spot", "hole", "other"])
    #expect(try LabelledImages([one], defects: ["dent"], split: .train).counts == [4, 0])
    for wrong in [[], ["spot", "spot"]] {
      #expect(throws: InputError.self) { try LabelledImages([one], defects: wrong, split: .train) }
    }
    #expect(throws: InputError.self) {
      try SegmentationLoader(
        images: LabelledImages([one], defects: ["other"], split: .train), size: 8, channels: 1, batchSize: 2, seed: 0)
    }
  }

  @Test(arguments: [false, true], [24, 55, 100]) func labelsLieWhereTheDefectsAre(turns: Bool, size: Int) throws {
    let loader = try loader(size: size, turns: turns)
    for step in 0..<6 {
      let batch = try loader.batch(step: step)
      #expect(batch.pixels.shape == [8, 1, size, size] && batch.labels.count == 8 * size * size)
      let wrong = zip(batch.pixels.values, batch.labels).count { value, label in
        (label == 1) != (value < -0.6) || (label == 2) != (value > 0.4)
      }
      #expect(wrong == 0)
    }
  }

  /// Half of a batch shows a defect, holes as often as spots although one image has one.
  @Test func classesTakeEvenTurns() throws {
    let loader = try loader()
    var seen = [0, 0, 0]
    for step in 0..<10 {
      let batch = try loader.batch(step: step)
      let choices = loader.choices(step: step)
      #expect(choices.prefix(4).map(\.label) == [1, 2, 1, 2] && choices.suffix(4).allSatisfy { $0.label == nil })
      for (index, choice) in choices.enumerated() {
        guard let label = choice.label else { continue }
        let window = batch.labels[index * 24 * 24..<(index + 1) * 24 * 24]
        #expect(window.contains(UInt8(label)), "the window shows what it was taken for")
        seen[label] += 1
      }
    }
    #expect(seen == [0, 20, 20])
    // Each of the 12 images once before any comes again.
    let anywhere = (0..<3).flatMap { loader.choices(step: $0).suffix(4).map(\.item) }
    #expect(Set(anywhere).count == 12)
    #expect(try self.loader(share: 0).defectWindows == 0 && self.loader(share: 1).defectWindows == 8)
  }

  /// Windows on one defect differ, and show it at different places.
  @Test func windowsOnADefectMove() throws {
    let loader = try loader(turns: false)
    var places: Set<Int> = []
    for step in 0..<10 {
      let labels = try loader.batch(step: step).labels
      for index in [0, 2] { places.insert(labels[index * 24 * 24..<(index + 1) * 24 * 24].firstIndex(of: 1) ?? -1) }
    }
    #expect(places.count > 8)
  }

  @Test func turningTurns() throws {
    // The ramp rises to the right; mirrored and turned it falls, or rises downwards.
    var directions: Set<String> = []
    for step in 0..<6 {
      let batch = try loader(size: 16, share: 0).batch(step: step)
      for index in 0..<8 {
        let window = Array(batch.pixels.values[index * 256..<(index + 1) * 256])
        directions.insert("\((window[15] - window[0]).sign) \((window[240] - window[0]) == 0)")
      }
    }
    #expect(directions.count >= 3, "\(directions)")
    let straight = try loader(size: 16, share: 0, turns: false).batch(step: 0).pixels.values
    // But for a corner that shows a spot.
    #expect((0..<8).count { straight[$0 * 256 + 15] > straight[$0 * 256] } >= 6)
  }

  @Test func aBatchDependsOnSeedAndStepAlone() throws {
    let (one, other) = (try loader(), try loader())
    _ = try other.batch(step: 7)
    for step in [0, 3] {
      let (first, second) = (try one.batch(step: step), try other.batch(step: step))
      #expect(first.pixels.values == second.pixels.values && first.labels == second.labels)
    }
    #expect(try one.batch(step: 0).labels != one.batch(step: 1).labels)
    #expect(try one.batch(step: 0).labels != loader(seed: 6).batch(step: 0).labels)
    #expect(try loader(channels: 3).batch(step: 0).pixels.shape == [8, 3, 24, 24])
  }

  @Test func sharesOfPixelsAreCounted() throws {
    let loader = try loader()
    var counts = [1.0, 1, 1]
    for step in 0..<8 { for label in try loader.batch(step: step).labels { counts[Int(label)] += 1 } }
    let shares = try loader.pixelShares()
    #expect(zip(shares, counts).allSatisfy { abs($0 - $1 / counts.reduce(0, +)) < 1e-12 })
    #expect(shares[1] > 0.01 && shares[2] > 0.01 && shares[0] > 0.7)
  }

  @Test(arguments: [(3, 1, [0, 1, 2, 1, 0, 1, 2]), (2, 1, [0, 1, 0, 1, 0, 1, 0]), (1, 1, [0, 0, 0, 0, 0, 0, 0])])
  func smallImagesAreMirrored(width: Int, height: Int, expected: [UInt8]) {
    let image = Image(width: width, height: height, bytes: (0..<width).map { UInt8($0) })
    #expect(image.mirrored(toWidth: 7, height: 1).bytes == expected)
    let tall = Image(width: 1, height: width, bytes: (0..<width).map { UInt8($0) })
    #expect(tall.mirrored(toWidth: 1, height: 7).bytes == expected)
    #expect(image.mirrored(toWidth: 1, height: 1) == image)
  }
}
