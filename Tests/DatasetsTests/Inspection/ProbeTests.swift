import Foundation
import Images
import Randomness
import Runs
import Testing

@testable import Datasets

struct ProbeTests {
  let set: InspectedSet

  init() throws { set = try InspectedSet() }

  private let spot = DatasetWriter.Label(
    "Hole", mask: rectangle(PixelBox(x: 5, y: 5, width: 6, height: 6), width: 40, height: 40))

  /// Clean images of one brightness and defective ones of another.
  private func write(clean: Double, defective: Double, count: Int = 40) throws {
    try set.write { writer in
      for key in 0..<count {
        let isClean = key % 2 == 0
        var random = SeededGenerator(seed: UInt64(key), purpose: "light")
        let mean = (isClean ? clean : defective) + 8 * random.normal()
        try writer.add(noise(UInt64(key), mean: mean), "\(key).png", isClean ? [] : [spot])
      }
    }
  }

  @Test func brighterCleanImagesAreFoundOut() throws {
    try write(clean: 170, defective: 110)
    let record = try set.inspect()
    let probe = try #require(record.probes.first { $0.kind == "clean-defective" })
    #expect(probe.images == [20, 20] && probe.groups == [20, 20])
    #expect(try #require(probe.area).low > 0.7)
    let light: Set = ["brightness", "dark end (1st percentile)", "bright end (99th percentile)"]
    #expect(light.contains(try #require(probe.features.first).measure))
    #expect(probe.features[0].medians[0] > probe.features[0].medians[1])
    let finding = try #require(record.finding("shortcut-clean-defective"))
    #expect(finding.severity == .warning && finding.cases.count == 2 && finding.cases[0].images.count == 3)
  }

  @Test func chanceIsNoFinding() throws {
    try write(clean: 120, defective: 120, count: 80)
    let record = try set.inspect()
    let area = try #require(record.probes.first?.area)
    #expect(area.low < 0.6 && area.value < 0.7)
    #expect(record.finding("shortcut-clean-defective") == nil)
  }

  @Test func anotherFormatIsAnError() throws {
    try set.write { writer in
      for key in 0..<40 {
        let isClean = key % 2 == 0
        try writer.add(
          noise(UInt64(key)), as: "\(key).\(isClean ? "png" : "jpg")", format: isClean ? .png : .jpeg,
          labels: isClean ? [] : [spot], provenance: .init(source: "", group: "\(key)"))
      }
    }
    let finding = try #require(try set.inspect().finding("shortcut-clean-defective"))
    #expect(finding.severity == .error && finding.title.contains("stored as"))
  }

  @Test func trainAndTestAreCompared() throws {
    try set.write { writer in
      for key in 0..<40 {
        let isTest = key % 4 == 0
        try writer.add(noise(UInt64(key), spread: isTest ? 25 : 12), "\(key).png", split: isTest ? .test : .train)
      }
    }
    let record = try set.inspect()
    #expect(record.probes.map(\.kind) == ["train-test"])
    #expect(record.finding("shortcut-train-test")?.severity == .warning)
  }

  @Test func fewGroupsAreNotProbed() throws {
    try set.write { writer in
      for key in 0..<40 {
        try writer.add(
          noise(UInt64(key), mean: key % 2 == 0 ? 80 : 180), "\(key).png", key % 2 == 0 ? [] : [spot],
          group: "g\(key % 8)")
      }
    }
    let probe = try #require(try set.inspect().probes.first)
    #expect(probe.area == nil && probe.notDone.hasPrefix("clean: 20 images of 4 groups"))
  }

  @Test func theSeedDecidesAndNothingElse() throws {
    try write(clean: 125, defective: 115, count: 60)
    let one = try set.inspect(seed: 3).probes
    #expect(try set.inspect(threads: 1, seed: 3).probes == one)
    #expect(try set.inspect(seed: 4).probes != one)
  }

  @Test func foldsKeepGroupsTogetherAndSidesBalanced() {
    var random = SeededGenerator(seed: 5, purpose: "groups")
    let groups = (0..<300).map { _ in "g\(random.int(below: 60))" }
    let isPositive = (0..<300).map { $0 % 5 == 0 }
    let folds = GroupFolds(groups: groups, isPositive: isPositive, count: 5, seed: 1).folds
    var byGroup: [String: Set<Int>] = [:]
    for (group, fold) in zip(groups, folds) { byGroup[group, default: []].insert(fold) }
    #expect(byGroup.values.allSatisfy { $0.count == 1 })
    for fold in 0..<5 {
      let members = folds.indices.filter { folds[$0] == fold }
      let positives = members.count { isPositive[$0] }
      #expect((6...20).contains(positives) && (30...70).contains(members.count - positives))
    }
    #expect(GroupFolds(groups: groups, isPositive: isPositive, count: 5, seed: 2).folds != folds)
  }

  /// Weights by scikit-learn: LogisticRegression(C=1, class_weight="balanced") on the same columns, standardised.
  @Test func regressionAgreesWithScikitLearn() {
    let rows: [[Double]] = [
      [1, 4], [2, 1.5], [3, 7], [4, 2.5], [5, 9], [6, 3], [7, 1], [8, 8], [9, 2], [10, 5],
    ]
    let isPositive = [false, false, false, true, false, false, false, true, true, true]
    let model = LogisticRegression(rows: rows, isPositive: isPositive)
    for (weight, expected) in zip(model.weights, [1.00756259, -0.01143394, -0.14154072]) {
      #expect(abs(weight - expected) < 1e-5)
    }
  }

  @Test func regressionSurvivesWhatCannotBeFitted() {
    let rows = (0..<20).map { [Double($0 % 2), 7, Double($0 % 2) * 1e9] }
    let model = LogisticRegression(rows: rows, isPositive: (0..<20).map { $0 % 2 == 1 })
    #expect(model.weights.allSatisfy(\.isFinite) && model.score(rows[1]) > model.score(rows[0]))
    #expect(LogisticRegression(rows: rows, isPositive: rows.map { _ in true }).weights.allSatisfy { $0 == 0 })
  }
}
