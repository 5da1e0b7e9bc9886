import Models
import Runs
import Torch

/// Moving averages of the generators' weights.
extension TranslatorChecks {
  /// Every step's averages, held against the decay that is claimed.
  ///
  /// With a ← d · a + (1 − d) · w, a − w is d times what the old average is away from w, so that the step itself tells d.
  func weightAverage() throws -> Outcome {
    guard let claimed = subject.averageDecay else { return .notRun("weights are not averaged") }
    let translator = try fresh()
    guard var old = try translator.averages()?.mapValues({ try $0.detached().cloned() }) else {
      return Outcome(.fail, "averages of decay \(claimed.short) are claimed, and there are none")
    }
    var decays: [Double] = []
    for step in 0..<Self.movingSteps {
      _ = try translator.train(subject.batch(step))
      let weights = try translator.weights()
      let new = try translator.averages() ?? [:]
      var (product, square) = (0.0, 0.0)
      for (name, weight) in weights where translator.isAveraged(name) {
        guard let average = new[name], let before = old[name] else {
          return Outcome(.fail, "\(name) has no average")
        }
        let away = try before.converted(to: .float64) - weight.converted(to: .float64)
        let left = try average.converted(to: .float64) - weight.converted(to: .float64)
        product += try (away * left).sum().item()
        square += try away.squared().sum().item()
      }
      guard square > 0 else { return Outcome(.fail, "no averaged weight has moved in step \(step + 1)") }
      decays.append(product / square)
      old = try new.mapValues { try $0.detached().cloned() }
    }
    // A tenth of 1 − decay: far more than float32 leaves unclear, and far less than any other meaning of the number.
    let tolerance = 0.1 * min(max(1 - claimed, 1e-4), max(claimed, 1e-4))
    let measures = decays.enumerated().map {
      CheckResult.Measure("decay of step \($0.offset + 1)", $0.element, "\(claimed.short) ± \(tolerance.short)")
    }
    if decays.allSatisfy({ abs($0 - claimed) <= tolerance }) {
      return Outcome(.pass, "averages keep \(claimed.short) of themselves in a step", measures: measures)
    }
    let isReversed = decays.allSatisfy { abs($0 - (1 - claimed)) <= tolerance }
    return Outcome(
      .fail,
      "averages keep \(decays.map(\.short).joined(separator: ", ")) of themselves in place of \(claimed.short)"
        + (isReversed ? ": the decay is the wrong way round" : ""),
      measures: measures,
      advice: isReversed ? nil : "Look at how the decay is computed, and that every step updates once")
  }
}

extension CheckedTranslator {
  /// Only generators are averaged.
  func isAveraged(_ parameter: String) -> Bool {
    TranslationDirection.allCases.contains { parameter.hasPrefix("\($0.generator.rawValue).") }
  }
}
