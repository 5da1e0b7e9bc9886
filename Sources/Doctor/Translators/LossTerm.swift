import Models
import Torch

/// A term of the objective as the paper has it, computed from what the networks say, and what known mistakes make of it.
struct LossTerm {
  /// One of `CycleGANLosses.names`.
  let name: String
  let expected: Double
  let mistakes: [(value: Double, meaning: String)]

  /// What a reported value differs by; nil where it is right.
  ///
  /// One in a hundred is far above rounding (float32 sums of the same numbers differ by about 1e-6). Scores of a small
  /// untrained discriminator are so near to 0 that some mistakes make less of a difference: a value that is a mistake's to
  /// four digits, and not the paper's to three, is taken for that mistake.
  func objection(to reported: Double) -> String? {
    let fitting = mistakes.filter { Self.agree(reported, $0.value, within: Self.tolerance) }
    let isMistaken =
      !Self.agree(reported, expected, within: 1e-3)
      && fitting.contains { Self.agree(reported, $0.value, within: 1e-4) }
    guard isMistaken || !Self.agree(reported, expected, within: Self.tolerance) else { return nil }
    let ratio = expected == 0 ? "" : " (× \((reported / expected).short))"
    let meaning = fitting.min { abs(reported - $0.value) < abs(reported - $1.value) }?.meaning
    return "\(name) is \(reported.short) in place of \(expected.short)\(ratio): \(meaning ?? "no known mistake")"
  }

  static let tolerance = 0.01

  private static func agree(_ reported: Double, _ expected: Double, within share: Double) -> Bool {
    abs(reported - expected) <= share * abs(expected) + 1e-6
  }
}

extension LossTerm {
  /// The terms that a translator's networks make possible, of one batch and the weights as they are.
  ///
  /// Zhu et al., ICCV 2017: equation 1 with least squares (section 4), equation 2, and section 5.2's identity loss. With masks
  /// distances are means over what these cover.
  static func all(
    of translator: any CheckedTranslator, _ batch: TranslatorBatch, weights: CycleGANLoss
  ) throws -> [LossTerm] {
    try withoutGradients {
      try TranslationDirection.allCases.flatMap { try terms(of: translator, $0, batch, weights) }
    }
  }

  private static func terms(
    of translator: any CheckedTranslator, _ direction: TranslationDirection, _ batch: TranslatorBatch,
    _ weights: CycleGANLoss
  ) throws -> [LossTerm] {
    let (source, mask) = (batch.source(direction), batch.mask(direction))
    let (target, targetMask) = (batch.source(direction.reverse), batch.mask(direction.reverse))
    guard let made = try translator.translated(source, direction, mask: mask) else { return [] }
    let (own, other) = direction == .cleanToDefect ? ("clean", "defect") : ("defect", "clean")
    // The weight of a cycle is that of the domain it begins in.
    let isClean = direction == .cleanToDefect
    let (weight, otherWeight) =
      isClean ? (weights.cleanCycle, weights.defectCycle) : (weights.defectCycle, weights.cleanCycle)
    var terms: [LossTerm] = []
    if let onMade = try translator.scores(made, direction, mask: mask),
      let onReal = try translator.scores(target, direction, mask: targetMask)
    {
      terms.append(try adversarial("adversarial_\(other)", onMade))
      terms.append(try discriminator("discriminator_\(other)", onReal, onMade))
    }
    if let back = try translator.translated(made, direction.reverse, mask: mask) {
      terms.append(cycle("cycle_\(own)", try Distances(back, source, mask), weight, otherWeight))
    }
    if weights.identity > 0, let kept = try translator.translated(target, direction, mask: targetMask) {
      let wrong = try translator.translated(target, direction.reverse, mask: targetMask)
      terms.append(
        identity(
          "identity_\(other)", try Distances(kept, target, targetMask),
          try wrong.map { try Distances($0, target, targetMask) }, cycle: otherWeight, factor: weights.identity))
    }
    return terms
  }

  /// Mean distances of two batches of images.
  private struct Distances {
    let absolute: Double
    let squared: Double

    init(_ one: Tensor, _ two: Tensor, _ mask: DefectMask?) throws {
      let difference = try one - two
      let cover = try mask.map { try $0.weight.mean().clamped(1e-3, 1).item() } ?? 1
      absolute = try difference.abs().mean().item() / cover
      squared = try difference.squared().mean().item() / cover
    }
  }

  private static func adversarial(_ name: String, _ scores: Tensor) throws -> LossTerm {
    let expected = try (scores - 1).squared().mean().item()
    return LossTerm(
      name: name, expected: expected,
      mistakes: [
        (try (scores - 1).abs().mean().item(), "absolute distances in place of squares"),
        (expected / 2, "halved, as only a discriminator's loss is"),
        (try scores.squared().mean().item(), "the target is 0 in place of 1"),
        (try (-scores).softplus().mean().item(), "cross entropy in place of squares"),
        (try (scores.mean() - 1).squared().item(), "patches are averaged before the square"),
      ])
  }

  private static func discriminator(_ name: String, _ real: Tensor, _ made: Tensor) throws -> LossTerm {
    func both(_ one: Tensor, _ two: Tensor) throws -> Double { try one.mean().item() + two.mean().item() }
    let squares = try both((real - 1).squared(), made.squared())
    let absolute = try both((real - 1).abs(), made.abs())
    let entropy = try both((-real).softplus(), made.softplus())
    return LossTerm(
      name: name, expected: squares / 2,
      mistakes: [
        (squares, "not halved"), (absolute / 2, "absolute distances in place of squares"),
        (absolute, "absolute distances in place of squares, not halved"),
        (entropy / 2, "cross entropy in place of squares"), (entropy, "cross entropy in place of squares, not halved"),
        (try both(real.squared(), (made - 1).squared()) / 2, "the targets of real and made images are exchanged"),
        (try ((real.mean() - 1).squared().item() + made.mean().squared().item()) / 2, "patches are averaged first"),
      ])
  }

  private static func cycle(_ name: String, _ apart: Distances, _ weight: Double, _ other: Double) -> LossTerm {
    LossTerm(
      name: name, expected: weight * apart.absolute,
      mistakes: [
        (weight * apart.squared, "squares in place of absolute distances"), (apart.absolute, "without its weight"),
        (apart.squared, "squares in place of absolute distances, without weight"),
        (other * apart.absolute, "the other cycle's weight"), (0, "left out"),
      ])
  }

  private static func identity(
    _ name: String, _ apart: Distances, _ wrong: Distances?, cycle weight: Double, factor: Double
  ) -> LossTerm {
    var mistakes = [
      (factor * apart.absolute, "its weight is taken as it stands (\(factor.short)) in place of times λ"),
      (weight * apart.absolute, "weighted as the cycle is"), (apart.absolute, "without its weight"),
      (weight * factor * apart.squared, "squares in place of absolute distances"), (0, "left out"),
    ]
    if let wrong { mistakes.append((weight * factor * wrong.absolute, "the other generator is shown these images")) }
    return LossTerm(name: name, expected: weight * factor * apart.absolute, mistakes: mistakes)
  }
}
