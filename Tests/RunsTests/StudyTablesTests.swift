import Foundation
import TestFolders
import Testing

@testable import Runs

struct StudyTablesTests {
  private func results() -> StudyResults {
    StudyResults(
      name: "n", question: "q", primaryFigure: .averagePrecision, smallestEffect: 0.02, confidence: 0.95,
      falseAlarmRate: 0.05,
      verdict: VerdictRecord(outcome: .helps, headline: "h", explanation: [], arm: "synthetic", against: "real"),
      classes: ["free", "=a, \"b\""], seeds: [3, 5], testImages: 4, testGroups: 2,
      arms: [
        ArmResult(
          name: "real", title: "Real only",
          figures: [
            FigureResult(
              figure: .f1, scope: .defect("=a, \"b\""), value: 0.1, interval: Interval(lower: 0.05, upper: 1.0 / 3),
              perSeed: [0.1, nil])
          ], confusion: [], trainingImages: [], seconds: 1)
      ],
      differences: [
        DifferenceResult(
          arm: "synthetic", against: "real", figure: .averagePrecision, scope: .mean, value: -0.25, interval: nil,
          perSeed: [-0.5, 0], pValue: 0.5)
      ])
  }

  @Test func tablesHaveARowForEachFigure() throws {
    let folder = try TemporaryFolder()
    try StudyTables(results()).write(to: folder.url)
    func text(_ name: String) throws -> String { try String(contentsOf: folder[name], encoding: .utf8) }
    #expect(
      try text("figures.csv")
        == "arm,figure,scope,value,lower,upper,seed 3,seed 5\r\n"
        + "real,f1,\"'=a, \"\"b\"\"\",0.1,0.05,0.3333333333333333,0.1,\r\n")
    #expect(
      try text("differences.csv")
        == "arm,against,figure,scope,value,lower,upper,p,p_holm,p_sign_flips,seed 3,seed 5\r\n"
        + "synthetic,real,average-precision,mean over defects,-0.25,,,0.5,,,-0.5,0.0\r\n")
    #expect(!FileManager.default.fileExists(atPath: folder["curve.csv"].path))
  }

  @Test func fractionsAndSplitsHaveTheirs() {
    var some = results()
    some.splits = [7, 9]
    some.curve = [
      FractionRecord(
        fraction: 0.5, defects: 12.5,
        arms: [.init(name: "real", title: "Real only", value: 0.5, interval: Interval(lower: 0.25, upper: 0.75))])
    ]
    some.worth = [
      WorthRecord(
        arm: "synthetic", fraction: 0.5, defects: 12.5, added: 20, worth: 3, interval: nil, isAtLeast: true)
    ]
    let tables = Dictionary(uniqueKeysWithValues: StudyTables(some).tables.map { ($0.name, $0.rows) })
    #expect(tables["figures"]?[0].suffix(2) == ["split 7", "split 9"])
    #expect(tables["curve"]?[1] == ["0.5", "12.5", "real", "0.5", "0.25", "0.75", "", "", ""])
    #expect(tables["worth"]?[1] == ["synthetic", "0.5", "12.5", "20.0", "3.0", "", "", "true"])
  }
}
