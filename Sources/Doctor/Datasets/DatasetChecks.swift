import Datasets
import Runs

/// The checks of a data set's files, labels and splits, from one inspection.
public final class DatasetChecks {
  private let opened: OpenedDataset
  private let inspector: DatasetInspector
  private let threads: Int
  private var record: InspectionRecord?

  public init(_ opened: OpenedDataset, seed: UInt64 = 0, threads: Int = 2) {
    self.opened = opened
    self.threads = threads
    inspector = DatasetInspector(threads: threads, seed: seed)
  }

  /// Kinds of findings by the check that they belong to.
  private static let kinds: [(check: Check, beginnings: [String])] = [
    (
      .copiesAcrossSplits,
      [
        "copies-across-splits", "near-copies-across-splits", "same-views-across-splits", "groups-across-splits",
        "synthetic-leaks",
      ]
    ),
    (
      .labels,
      [
        "copies-labelled-differently", "labels-other-than-names", "empty-classes", "no-clean-class",
        "classes-missing-in-split", "few-groups", "unequal-classes", "images-without-split",
      ]
    ),
    (.masks, ["labels-without-mask", "masks", "boxes", "shared-pixels"]),
    (.copies, ["copies", "near-copies", "same-views"]),
  ]

  /// Probes stand for themselves.
  private static let probed = ["shortcut", "not-split"]

  public func steps() -> [Examination.Step] {
    // One look at every image: the first check takes the time of all.
    let cost = Double(opened.dataset.images.count) * 0.01
    return [
      .init(.files, cost: cost) { try self.findings(of: .files) }, .init(.copies) { try self.findings(of: .copies) },
      .init(.copiesAcrossSplits) { try self.acrossSplits() }, .init(.labels) { try self.findings(of: .labels) },
      .init(.masks) { try self.masks() }, .init(.outliers) { try self.outliers() },
      .init(.shortcut) {
        try self.probe("clean-defective", "no clean or no defective images", of: "clean and defective images")
      },
      .init(.adversarialValidation) {
        try self.probe("train-test", "the data set is not split", of: "training and test images")
      },
    ]
  }

  private func inspection() throws -> InspectionRecord {
    if let record { return record }
    let made = inspector.inspect(opened)
    record = made
    return made
  }

  private static func check(of kind: String) -> Check {
    kinds.first { $0.beginnings.contains(where: kind.hasPrefix) }?.check ?? .files
  }

  private func findings(of check: Check) throws -> Outcome {
    let found = try inspection().findings.filter { finding in
      Self.check(of: finding.kind) == check && !Self.probed.contains(where: finding.kind.contains)
    }
    let measures = found.map {
      CheckResult.Measure("\($0.kind) (\($0.severity.rawValue))", Double(max($0.cases.count, 1)))
    }
    guard let worst = found.max(by: { $0.severity < $1.severity }) else { return Outcome(.pass, "nothing was found") }
    let verdict: CheckVerdict =
      switch worst.severity {
      case .error: .fail
      case .warning: .warn
      case .note: .pass
      }
    return Outcome(
      verdict, found.map(\.title).joined(separator: "; "), measures: measures, advice: worst.remedy,
      pictures: pictures(worst.casesShown.prefix(3).flatMap { Array($0.imagesShown.prefix(2)) }))
  }

  private func acrossSplits() throws -> Outcome {
    guard try inspection().isSplit else { return .notRun("the data set is not split: patina split") }
    return try findings(of: .copiesAcrossSplits)
  }

  private func masks() throws -> Outcome {
    guard opened.dataset.images.contains(where: { !$0.annotations.isEmpty }) else {
      return .notRun("no image has a label")
    }
    return try findings(of: .masks)
  }

  private func outliers() throws -> Outcome {
    let record = try inspection()
    guard !record.outliers.isEmpty else { return Outcome(.pass, "no image stands apart in a simple measure") }
    let strangest = record.outliers.prefix(6)
    return Outcome(
      .pass,
      "\(record.outliers.count == 1 ? "1 image stands" : "\(record.outliers.count) images stand") apart, \(record.outliers[0].image) most",
      measures: strangest.map { .init("\($0.image), robust deviations", $0.distance) },
      pictures: pictures(strangest.map(\.image)))
  }

  /// A difference in light may be the defect itself; one in how files were stored cannot be.
  private func probe(_ kind: String, _ none: String, of sides: String) throws -> Outcome {
    guard let probe = try inspection().probes.first(where: { $0.kind == kind }) else { return .notRun(none) }
    guard let area = probe.area else { return .notRun(probe.notDone) }
    let threshold = inspector.probeThreshold
    var measures: [CheckResult.Measure] = [
      .init("area under the curve of a linear probe", area.value, "≤ \(threshold.short)"),
      .init("its interval, from", area.low), .init("to", area.high),
    ]
    let telling = probe.features.prefix(3)
    measures += telling.map { .init("by \($0.measure) alone", $0.area.value) }
    guard area.value > threshold else {
      return Outcome(.pass, "\(sides) cannot be told apart by light, border or storage alone", measures: measures)
    }
    let first = telling.first.map { ", most by \($0.measure)" } ?? ""
    // An interval that holds chance says nothing yet.
    guard area.low > 0.5 else {
      return Outcome(
        .pass, "a probe tells \(sides) apart by \(area.value.short), which so few images may do by chance",
        measures: measures)
    }
    return Outcome(
      telling.first.map { $0.isOfStorage && $0.area.value > threshold } == true ? .fail : .warn,
      "a linear probe tells \(sides) apart without looking: \(area.value.short)\(first)", measures: measures)
  }

  private func pictures(_ names: [String]) -> [CheckResult.Picture] {
    let files = InspectionPictures(of: opened.dataset, threads: threads).thumbnails(of: names)
    return names.compactMap { name in files[name].map { .init(caption: name, file: Array($0)) } }
  }
}
