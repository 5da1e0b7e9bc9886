/// How thorough a study is: keys of the study file that hold where it does not name them itself.
public enum StudyPreset: String, CaseIterable, Sendable {
  /// A rehearsal of minutes: everything is run once or twice, and nothing follows from it.
  case quick
  /// One split, five seeds, four rivals.
  case standard
  /// What a paper should show: three splits with three seeds each, four shares of the real defects, and both controls.
  case paper

  /// In the form of a study file.
  var text: String {
    switch self {
    case .quick:
      """
      quick: true
      seeds: 2
      classifier: {steps: 100}
      segmenter: {steps: 100}
      translator: {steps: 200}
      bootstrap: {replicates: 500}
      """
    case .standard: "seeds: \(StudySettings.fewestSeeds)"
    case .paper:
      """
      splits: 3
      seeds: 3
      fractions: [0.1, 0.25, 0.5, 1]
      arms: [real, synthetic, oversampling, class-weights, augmentation, synthetic+oversampling, placebo, oracle]
      """
    }
  }
}
