import Models
import Testing
import Torch

/// A translation with a mask changes what the mask covers, and nothing else by a single bit.
struct DefectMaskTests {
  private let image: Tensor
  private let translation: Tensor
  private let mask: DefectMask

  init() throws {
    let generator = try Generator(seed: 3)
    image = try Tensor.uniform([2, 3, 8, 8], low: -1, high: 1, generator: generator)
    translation = try Tensor.uniform([2, 3, 8, 8], low: -1, high: 1, generator: generator)
    // The first image has a mask of the first class, the second one of the second class.
    var planes = [Float](repeating: 0, count: 2 * 2 * 64)
    for (image, plane) in [(0, 0), (1, 1)] {
      for pixel in 16..<32 { planes[(image * 2 + plane) * 64 + pixel] = 1 }
      for pixel in 32..<40 { planes[(image * 2 + plane) * 64 + pixel] = 0.25 }
    }
    mask = try DefectMask(Tensor(planes, shape: [2, 2, 8, 8]))
  }

  @Test func outsideEveryBitStays() throws {
    let blended = try mask.blended(translation, into: image).elements(as: Float.self)
    let (before, made) = (try image.elements(as: Float.self), try translation.elements(as: Float.self))
    for index in blended.indices {
      switch index % 64 {
      case 16..<32: #expect(blended[index].bitPattern == made[index].bitPattern)
      case 32..<40: #expect(abs(blended[index] - (0.75 * before[index] + 0.25 * made[index])) < 1e-6)
      default: #expect(blended[index].bitPattern == before[index].bitPattern)
      }
    }
  }

  @Test func networksSeeThePlanesBehindTheChannels() throws {
    let seen = try mask.behind(image)
    #expect(seen.shape == [2, 5, 8, 8])
    #expect(try seen.sliced(1, 0..<3).elements(as: Float.self) == image.elements(as: Float.self))
    #expect(try seen.sliced(1, 3..<5).elements(as: Float.self) == mask.planes.elements(as: Float.self))
  }

  /// A generator changes nothing outside of the mask, and what it does within depends on the class.
  @Test func aTranslatorKeepsToTheMask() throws {
    let model = try CycleGAN(
      maskClasses: 2, filters: 4, blocks: 1, discriminatorFilters: 4, generator: Generator(seed: 1))
    let swapped = try DefectMask(.concatenated([mask.planes.sliced(1, 1..<2), mask.planes.sliced(1, 0..<1)], 1))
    let (one, other, back) = try withoutGradients {
      try (
        model.makingDefects(on: image, where: mask), model.makingDefects(on: image, where: swapped),
        model.removingDefects(from: image, where: mask)
      )
    }
    let before = try image.elements(as: Float.self)
    for made in [one, other, back] {
      let after = try made.elements(as: Float.self)
      let changed = after.indices.filter { after[$0].bitPattern != before[$0].bitPattern }
      #expect(!changed.isEmpty && changed.allSatisfy { (16..<40).contains($0 % 64) })
    }
    #expect(try one.elements(as: Float.self) != other.elements(as: Float.self))
    #expect(try one.elements(as: Float.self) != back.elements(as: Float.self))
  }
}
