import Foundation
import Runs

/// A made-up study result for looking at how it is shown.
enum FakeStudy {
  static func results(defects: [String] = ["blowhole", "crack"]) -> StudyResults {
    let arms = [("real", "Real only"), ("synthetic", "Real + synthetic"), ("oversampling", "Oversampling")]
    let scopes = defects.map { FigureScope.defect($0) } + [.mean]
    let classes = ["free"] + defects
    return StudyResults(
      name: "Tiles", question: "Do they help?", primaryFigure: .averagePrecision, smallestEffect: 0.02,
      confidence: 0.95, falseAlarmRate: 0.05,
      verdict: VerdictRecord(
        outcome: .helps, headline: "Synthetic images help.", explanation: ["By +0.125.", "Oversampling helps too."],
        arm: "synthetic", against: "real", rival: "oversampling"),
      classes: classes, seeds: [1, 2, 3, 4, 5], testImages: 600, testGroups: 100,
      arms: arms.enumerated().map { index, arm in
        ArmResult(
          name: arm.0, title: arm.1,
          figures: scopes.flatMap { scope in
            StudyFigure.allCases.map { figure in
              FigureResult(
                figure: figure, scope: scope, value: 0.5 + 0.125 * Double(index),
                interval: Interval(lower: 0.4375 + 0.125 * Double(index), upper: 0.5625 + 0.125 * Double(index)),
                perSeed: [0.5, 0.5, nil, 0.5, 0.5])
            }
          }, confusion: classes.map { _ in classes.map { _ in 12.5 } },
          trainingImages: [
            TrainingCount(origin: .real, label: "free", count: 700),
            TrainingCount(origin: .real, label: defects[0], count: 41),
          ] + (arm.0 == "synthetic" ? [TrainingCount(origin: .synthetic, label: defects[0], count: 43)] : []),
          seconds: 131)
      },
      differences: arms.dropFirst().flatMap { arm in
        [FigureScope.mean, .defect(defects[0])].map { scope in
          DifferenceResult(
            arm: arm.0, against: "real", figure: .averagePrecision, scope: scope, value: 0.125,
            interval: Interval(lower: 0.0625, upper: 0.1875), perSeed: [0.1, 0.12, 0.13, 0.14, 0.135], pValue: 0.0004,
            adjustedPValue: 0.0008, signFlipPValue: 0.0625)
        }
      },
      precisionRecall: arms.map {
        PrecisionRecallRecord(arm: $0.0, scope: .defect(defects[0]), recall: [0, 0.5, 1], precision: [1, 0.75, 0.25])
      },
      loss: arms.map {
        LossRecord(arm: $0.0, points: (0..<1000).map { LossPoint(step: $0, loss: 1 / Double($0 + 1)) })
      },
      facts: [Fact("command", "patina study tiles.yaml"), Fact("libtorch", "2.13.0")])
  }

  /// The smallest valid PNG: one grey pixel.
  static let png =
    Data(
      base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
    ?? Data()

  /// Stands for Chart.js where its drawing is not looked at.
  static func writeLibrary(to folder: URL) throws -> URL {
    let url = folder.appendingPathComponent("chart.js")
    try Data("/*! Chart.js v3.9.1 */\nvar Chart = \"</script>\";\n//# sourceMappingURL=chart.js.map\n".utf8).write(
      to: url)
    return url
  }
}
