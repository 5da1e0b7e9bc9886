import Layers
import Models
import Runs
import Torch
import Training

/// Whether a cycle finds its way back by what nobody sees: faint patterns in the picture between, which rounding to 8 bits and
/// a noise of one grey level destroy (Chu, Zhmoginov and Sandler 2017).
struct SteganographyCheck {
  private let translations: Translations
  private let seed: UInt64

  /// Standard deviation of the noise: one grey level.
  private static let noise = 1 / 127.5
  private static let mostGrowth = 2.0

  init(_ translations: Translations, seed: UInt64) {
    self.translations = translations
    self.seed = seed
  }

  func outcome() throws -> Outcome {
    guard translations.directions.count == 2 else {
      return .notRun("there is no cycle: nothing leads from defective images back to clean ones")
    }
    return try withoutGradients {
      let generator = try Generator(seed: seed)
      var measures: [CheckResult.Measure] = []
      var wrong: [(TranslationDirection, picture: CheckResult.Picture)] = []
      for direction in translations.directions {
        let cycle = try Cycle(translations, direction, noise: Self.noise, generator)
        measures += [
          .init("distance, \(direction.rawValue) and back", cycle.distance),
          .init("after 8 bits and noise", cycle.noisyDistance),
          .init("growth", cycle.growth, "< \(Self.mostGrowth.short)"),
        ]
        if !(cycle.growth < Self.mostGrowth) { wrong.append((direction, try cycle.picture())) }
      }
      return Outcome(
        wrong.isEmpty ? .pass : .warn,
        wrong.isEmpty
          ? "the way back does not hang on faint patterns"
          : "\(wrong.map { $0.0.rawValue }.joined(separator: " and ")): the way back is lost in noise of one grey level",
        measures: measures, pictures: wrong.map(\.picture))
    }
  }

  /// There and back, with and without noise on the picture between.
  private struct Cycle {
    let distance: Double
    let noisyDistance: Double
    /// Of the distance, where the noise itself counts as distance: a cycle that passes everything on passes noise on too.
    let growth: Double
    private let rows: [(caption: String, images: Tensor)]

    init(
      _ translations: Translations, _ direction: TranslationDirection, noise: Double, _ generator: Generator
    ) throws {
      let back = direction.reverse
      let (source, mask) = (translations.images.batch.source(direction), translations.images.batch.mask(direction))
      let between = try translations.outputs(direction)
      let rounded = try (((between + 1) * 127.5).rounded() + -127.5) * (1 / 127.5)
      let noisy = try (rounded + .normal(between.shape, standardDeviation: noise, generator: generator)).clamped(-1, 1)
      let recovered = try translations.translated(between, back, mask)
      let recoveredNoisy = try translations.translated(noisy, back, mask)
      func l1(_ one: Tensor, _ other: Tensor) throws -> Double {
        try TranslationFigures.distance(one, other, mask?.weight)
      }
      distance = try l1(recovered, source)
      noisyDistance = try l1(recoveredNoisy, source)
      growth = try noisyDistance / (distance + l1(noisy, between))
      rows = [
        ("source", source), ("there", between), ("and back", recovered), ("there, noisy", noisy),
        ("and back", recoveredNoisy),
      ]
    }

    func picture() throws -> CheckResult.Picture {
      try Translations.picture("There and back, without and with noise of one grey level between", rows)
    }
  }
}
