import Randomness
import Testing
import Torch

@testable import Models

/// Augmentation that gradients go through (Zhao et al., 2020): what it does to values, and to gradients.
struct DiffAugmentTests {
  private func ramp(_ count: Int, channels: Int = 1, side: Int = 16) throws -> Tensor {
    try Tensor(
      (0..<count * channels * side * side).map { Float($0 % 997) / 997 - 0.5 }, shape: [count, channels, side, side])
  }

  private func draw(_ settings: DiffAugment, _ images: Tensor, seed: UInt64 = 1) -> DiffAugment.Draw {
    var random = SeededGenerator(seed: seed, purpose: "test")
    return settings.draw(count: images.shape[0], height: images.shape[2], width: images.shape[3], &random)
  }

  @Test func colourKeepsMasksAndItsGradientIsContrast() throws {
    let settings = DiffAugment(colour: true, translation: false, cutout: false)
    let images = try ramp(5, channels: 3)
    let seen = try settings(images, channels: 1, draw(settings, images))
    #expect(
      try seen.sliced(1, 1..<3).elements(as: Float.self) == images.sliced(1, 1..<3).elements(as: Float.self),
      "planes behind the colours stay")
    for index in 0..<5 {
      let (before, after) = (try images.selected(0, index).selected(0, 0), try seen.selected(0, index).selected(0, 0))
      // Grey: brightness moves the mean by at most a half, contrast stretches around it by ½ to 1½.
      let shift = try after.mean().item() - before.mean().item()
      let stretch = try after.variance().item() / before.variance().item()
      #expect(abs(shift) <= 0.5 && (0.25...2.25).contains(stretch), "\(shift), \(stretch)")
      let expected = try (before - before.mean()) * stretch.squareRoot() + after.mean()
      #expect(try (after - expected).abs().max().item() < 1e-5)
    }
    #expect(try seen.selected(0, 0).elements(as: Float.self) != seen.selected(0, 1).elements(as: Float.self))
  }

  @Test func translationMovesByAnEighthAtMostAndFillsWithZero() throws {
    let settings = DiffAugment(colour: false, translation: true, cutout: false)
    let (width, height) = (16, 32)
    // The middle pixel is marked; each image's mark shows its shift.
    var values = [Float](repeating: 0.25, count: 96 * width * height)
    for image in 0..<96 { values[(image * height + 16) * width + 8] = 1 }
    let images = try Tensor(values, shape: [96, 1, height, width])
    let seen = try settings(images, channels: 1, draw(settings, images)).elements(as: Float.self)
    var shifts: Set<[Int]> = []
    for image in 0..<96 {
      let pixels = Array(seen[image * width * height..<(image + 1) * width * height])
      let mark = try #require(pixels.firstIndex(of: 1))
      let (x, y) = (mark % width - 8, mark / width - 16)
      shifts.insert([x, y])
      for index in pixels.indices where index != mark {
        let inside = (0..<width).contains(index % width - x) && (0..<height).contains(index / width - y)
        #expect(pixels[index] == (inside ? 0.25 : 0))
      }
    }
    #expect(Set(shifts.map { $0[0] }) == Set(-2...2), "every shift comes, and none beyond an eighth")
    #expect(Set(shifts.map { $0[1] }) == Set(-4...4))
  }

  @Test func cutoutTakesAQuarterAway() throws {
    let settings = DiffAugment(colour: false, translation: false, cutout: true)
    let images = try Tensor.ones([64, 2, 16, 16])
    let seen = try settings(images, channels: 1, draw(settings, images)).elements(as: Float.self)
    for image in 0..<64 {
      let planes = (0..<2).map { Array(seen[(2 * image + $0) * 256..<(2 * image + $0 + 1) * 256]) }
      #expect(planes[0] == planes[1], "masks have the hole of their image")
      let hole = planes[0].indices.filter { planes[0][$0] == 0 }
      let (columns, rows) = (Set(hole.map { $0 % 16 }), Set(hole.map { $0 / 16 }))
      #expect(
        hole.count == columns.count * rows.count && (4...8).contains(columns.count) && (4...8).contains(rows.count))
    }
  }

  @Test func gradientsGoThrough() throws {
    let settings = DiffAugment()
    let images = try ramp(3, channels: 2)
    try images.setRequiresGradient(true)
    try settings(images, channels: 2, draw(settings, images)).squared().mean().backward()
    let gradient = try #require(try images.gradient())
    #expect(try gradient.abs().max().item() > 0)
    // A pixel cut out or moved out teaches nothing but through the means.
    #expect(try gradient.isFinite().all().item() == 1)
  }

  @Test func leavingOneKindOutChangesNoOther() throws {
    let images = try ramp(4)
    let all = draw(DiffAugment(), images)
    let some = draw(DiffAugment(colour: false), images)
    let settings = DiffAugment(colour: false, translation: true, cutout: false)
    #expect(
      try settings(images, channels: 1, all).elements(as: Float.self)
        == settings(images, channels: 1, some).elements(as: Float.self))
  }
}
