import Models
import Runs
import Torch
import Training

/// Checks of what a translator makes of a batch: whether it makes anything, different things, in the right light and place.
struct TranslationChecks {
  private let translations: Translations

  /// Pictures that have nothing to do with each other correlate by −0.05 to 0.05.
  private static let leastCorrelation = -0.1

  init(_ translations: Translations) { self.translations = translations }

  private typealias Found = (direction: TranslationDirection, value: Double)

  func modeCollapse() throws -> Outcome {
    let found = try values { try translations.comparableFigures($0).diversity }
    return try outcome(
      found, "difference of outputs to that of inputs", least: TrainingWatch.leastDiversity,
      none: "there are no two inputs that differ", good: "outputs differ as inputs do",
      bad: "outputs are all alike", alwaysDrawn: true)
  }

  func colourInversion() throws -> Outcome {
    guard translations.images.batch.masks == nil else {
      return .notRun("a mask keeps all but the defect as it is, which may be darker or lighter")
    }
    let found = try values { try translations.figures($0).correlation }
    let isClear = found.contains { $0.value < TrainingWatch.leastCorrelation }
    return try outcome(
      found, "correlation of brightness", least: Self.leastCorrelation, none: "inputs or outputs have no contrast",
      good: "light stays light", bad: "light becomes dark", verdict: isClear ? .fail : .warn)
  }

  func identityGenerator() throws -> Outcome {
    let found = try values { try translations.figures($0).relativeChange }
    return try outcome(
      found, "change to the domains' distance", least: TrainingWatch.leastChange,
      none: "the domains do not differ", good: "images change", bad: "hardly anything changes", verdict: .warn)
  }

  func outsideMask() throws -> Outcome {
    guard translations.images.batch.masks != nil else { return .notRun("the run has no masks") }
    let found = try values { direction in
      guard let weight = translations.images.batch.mask(direction)?.weight else { return nil }
      let change = try (translations.outputs(direction) - translations.images.batch.source(direction)).abs()
      return try (change * weight.equal(0).converted(to: .float32)).max().item()
    }
    let largest = found.map(\.value).max() ?? 0
    return Outcome(
      largest == 0 ? .pass : .fail,
      largest == 0 ? "nothing changes there" : "pixels change by up to \((largest * 127.5).short) grey levels",
      measures: found.map { .init("largest change, \($0.direction.rawValue)", $0.value, "0") },
      pictures: largest == 0 ? [] : [try translations.picture(found.map(\.direction))])
  }

  private func values(_ body: (TranslationDirection) throws -> Double?) throws -> [Found] {
    try withoutGradients {
      try translations.directions.compactMap { direction in try body(direction).map { (direction, $0) } }
    }
  }

  private func outcome(
    _ found: [Found], _ name: String, least: Double, none: String, good: String, bad: String,
    verdict: CheckVerdict = .fail, alwaysDrawn: Bool = false
  ) throws -> Outcome {
    guard !found.isEmpty else { return .notRun(none) }
    let wrong = found.filter { !($0.value >= least) }
    let place = "on \(translations.images.name)"
    return Outcome(
      wrong.isEmpty ? .pass : verdict,
      wrong.isEmpty
        ? "\(good), \(place)" : "\(bad), \(wrong.map(\.direction.rawValue).joined(separator: " and ")), \(place)",
      measures: found.map { .init("\(name), \($0.direction.rawValue)", $0.value, "≥ \(least.short)") },
      pictures: wrong.isEmpty && !alwaysDrawn ? [] : [try translations.picture(found.map(\.direction))])
  }
}
