import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// Windows and masks that belong together: spots are bright and holes dark, so pixels tell where masks must be.
struct MaskedLoaderTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset
  private let library: DefectLibrary
  private static let classes = ["hole", "spot"]

  init() throws {
    folder = try TemporaryFolder()
    let writer = try DatasetWriter(
      to: folder["set"], description: "", cleanName: "clean", categories: ["spot", "hole"])
    for index in 0..<12 {
      // Clean images have a ramp, so that crops differ.
      var bytes = (0..<60 * 50).map { pixel -> UInt8 in UInt8(90 + pixel % 60 / 3) }
      var labels: [DatasetWriter.Label] = []
      // Two images in three are defective, of those one has both classes. Spots are far more frequent.
      func add(_ name: String, _ value: UInt8, _ box: PixelBox) {
        var bits = [UInt8](repeating: 0, count: bytes.count)
        for y in box.y..<box.y + box.height {
          for x in box.x..<box.x + box.width { (bytes[y * 60 + x], bits[y * 60 + x]) = (value, 1) }
        }
        labels.append(.init(name, mask: Mask(width: 60, height: 50, bits: bits)))
      }
      if index % 3 != 0 { add("spot", 200, PixelBox(x: 3 * index, y: 20 + index, width: 9, height: 6)) }
      if index == 4 { add("hole", 20, PixelBox(x: 40, y: 5, width: 5, height: 12)) }
      try writer.add(
        Image(width: 60, height: 50, bytes: bytes), as: "\(index).png", labels: labels, split: .train,
        provenance: Provenance(source: "\(index)", group: "\(index)"))
    }
    dataset = try writer.finish()
    library = try DefectLibrary(of: dataset)
  }

  private func loader(
    flips: Bool = true, feather: Double = 2, seed: UInt64 = 5, batchSize: Int = 8, loadSize: Int? = nil,
    placed: Bool = false
  ) throws -> MaskedLoader {
    try MaskedLoader(
      clean: FileList(dataset.images(inClass: "clean").map(dataset.url(of:))), dataset: dataset, library: library,
      classNames: Self.classes, cleanMasks: placed ? .placed(library, DefectPlacer()) : .windows,
      transform: ImageTransform(size: 32, loadSize: loadSize, channels: 1, flips: flips), feather: feather,
      batchSize: batchSize, seed: seed)
  }

  /// Values of one plane.
  private func plane(_ batch: PixelBatch, _ image: Int, _ plane: Int = 0) -> [Float] {
    let start = (image * batch.shape[1] + plane) * 32 * 32
    return Array(batch.values[start..<start + 32 * 32])
  }

  @Test(arguments: [false, true]) func masksLieWhereTheDefectsAre(flips: Bool) throws {
    let loader = try loader(flips: flips)
    var seen = [0, 0]
    for step in 0..<12 {
      let batch = try loader.batch(step: step)
      let masks = try #require(batch.masks)
      #expect(batch.b.shape == [8, 1, 32, 32] && masks.b.shape == [8, 2, 32, 32])
      for image in 0..<8 {
        let pixels = plane(batch.b, image)
        let (holes, spots) = (plane(masks.b, image, 0), plane(masks.b, image, 1))
        for index in pixels.indices {
          #expect((pixels[index] < -0.6) == (holes[index] == 1))
          #expect((pixels[index] > 0.4) == (spots[index] == 1))
        }
        if holes.contains(1) { seen[0] += 1 }
        if spots.contains(1) { seen[1] += 1 }
        #expect(holes.contains(1) || spots.contains(1), "every window shows a defect")
      }
    }
    // One image in eight has a hole, but classes take even turns.
    #expect(seen[0] > 30 && seen[1] > 30, "\(seen)")
  }

  @Test func placedMasksAreOfOneClassEach() throws {
    let loader = try loader(feather: 3, placed: true)
    var classes = [0, 0]
    for step in 0..<6 {
      let batch = try loader.batch(step: step)
      let masks = try #require(batch.masks).a
      for image in 0..<8 {
        #expect(
          plane(batch.a, image).allSatisfy { (-0.3 ... -0.1).contains($0) }, "nothing is changed before translation")
        let planes = (0..<2).map { plane(masks, image, $0) }
        let full = planes.indices.filter { planes[$0].contains(1) }
        #expect(full.count == 1)
        classes[full.first ?? 0] += 1
        for (label, values) in planes.enumerated() where !full.contains(label) {
          #expect(values.allSatisfy { $0 == 0 })
        }
      }
    }
    #expect(classes.allSatisfy { $0 > 12 }, "\(classes)")
  }

  /// What the discriminators see must not tell the sides apart: every mask of A is one of B's, and no other.
  @Test(arguments: [false, true]) func masksOnCleanImagesAreThoseOfDefectWindows(flips: Bool) throws {
    let loader = try loader(flips: flips)
    var (onClean, onDefect) = (Set<[Float]>(), Set<[Float]>())
    var classes = [0, 0]
    for step in 0..<150 {
      let batch = try loader.batch(step: step)
      let masks = try #require(batch.masks)
      for image in 0..<8 {
        #expect(plane(batch.a, image).allSatisfy { (-0.3 ... -0.1).contains($0) })
        let both = (0..<2).map { plane(masks.a, image, $0) }
        onClean.insert(both[0] + both[1])
        onDefect.insert(plane(masks.b, image, 0) + plane(masks.b, image, 1))
        for label in 0..<2 where both[label].contains(1) { classes[label] += 1 }
      }
    }
    // Spots lie in so many places that not all are drawn on both sides.
    let shared = onClean.intersection(onDefect).count
    #expect(
      shared * 10 > onClean.count * 6 && shared * 10 > onDefect.count * 6,
      "\(shared) \(onClean.count) \(onDefect.count)")
    #expect(classes.allSatisfy { $0 > 400 }, "\(classes)")
    // Masks that touch the border, as windows of defects have and placed shapes have not.
    #expect(onClean.contains { values in (0..<64).contains { values[$0 * 32] == 1 } })
  }

  @Test func masksDoNotLieBesideTheSurface() throws {
    let dark = folder["dark.png"]
    let bytes = (0..<60 * 50).map { $0 % 60 < 24 ? UInt8(0) : 100 }
    try Image(width: 60, height: 50, bytes: bytes).encoded(as: .png).write(to: dark)
    let loader = try MaskedLoader(
      clean: FileList([dark]), dataset: dataset, library: library, classNames: Self.classes,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), feather: 2, batchSize: 8, seed: 1)
    for step in 0..<8 {
      let batch = try loader.batch(step: step)
      guard let masks = batch.masks?.a else { throw CancellationError() }
      for image in 0..<8 {
        let pixels = plane(batch.a, image)
        for label in 0..<2 {
          for (pixel, mask) in zip(pixels, plane(masks, image, label)) { #expect(mask == 0 || pixel > -0.9) }
        }
      }
    }
  }

  /// Around the mask the weight falls by 1/(feather + 1) for each pixel of distance.
  @Test(arguments: [0.0, 1, 3]) func edgesAreSoft(feather: Double) throws {
    let batch = try loader(feather: feather).batch(step: 0)
    let values = plane(try #require(batch.masks).b, 0, 0) + plane(try #require(batch.masks).b, 0, 1)
    let straight = Set(values).sorted()
    let expected = Set((0...Int(feather) + 1).map { Float(1) - Float($0) / Float(feather + 1) })
    #expect(expected.isSubset(of: straight))
    #expect(feather > 0 || straight == [0, 1])
  }

  @Test func aBatchDependsOnSeedAndStepAlone() throws {
    let (one, other) = (try loader(), try loader())
    _ = try other.batch(step: 7)
    for step in [0, 3] {
      let (first, second) = (try one.batch(step: step), try other.batch(step: step))
      #expect(first.a.values == second.a.values && first.b.values == second.b.values)
      #expect(first.masks?.a.values == second.masks?.a.values && first.masks?.b.values == second.masks?.b.values)
    }
    #expect(try one.batch(step: 0).masks?.a.values != one.batch(step: 1).masks?.a.values)
    #expect(try one.batch(step: 0).masks?.a.values != loader(seed: 6).batch(step: 0).masks?.a.values)
  }

  @Test func samplesShowEveryClassAndNoChance() throws {
    let (one, other) = (try loader(seed: 1).samples(4), try loader(seed: 2).samples(4))
    #expect(one.a.values == other.a.values && one.masks?.b.values == other.masks?.b.values)
    let masks = try #require(one.masks)
    for label in 0..<2 {
      #expect(plane(masks.a, label, label).contains(1) && plane(masks.b, label, label).contains(1))
    }
  }

  @Test func scalingIsRefused() throws {
    let error = #expect(throws: InputError.self) { try loader(loadSize: 36) }
    #expect(error?.description.contains("native scale") ?? false)
  }
}
