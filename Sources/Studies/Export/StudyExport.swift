import Files
import Foundation
import Runs

/// The finished trainings of a study for other tools: their settings, losses and figures.
public struct StudyExport {
  public enum Format: String, CaseIterable, Sendable {
    /// A file store: `mlflow ui --backend-store-uri DIR`.
    case mlflow
    /// Event files: `tensorboard --logdir DIR`.
    case tensorboard
  }

  /// A training and when it ended.
  private struct Training {
    let cell: StudyCell
    let record: CellRecord
    let end: Date
  }

  public let plan: StudyPlan
  private let trainings: [Training]

  /// - Parameter folder: a study's; its unfinished cells are left out.
  /// - Throws: `InputError` where there is no plan, a record is broken, or nothing is finished.
  public init(study folder: URL) throws {
    plan = try StudyPlan.read(from: folder)
    let runner = StudyRunner(plan: plan, folder: folder)
    trainings = try plan.cells().compactMap { cell in
      guard let record = try runner.finished(cell) else { return nil }
      let values = try? runner.url(of: cell).resourceValues(forKeys: [.contentModificationDateKey])
      return Training(
        cell: cell, record: record, end: values?.contentModificationDate ?? Date(timeIntervalSince1970: 0))
    }
    guard !trainings.isEmpty else {
      throw InputError(at: folder.path, expected: "finished trainings", found: "none", remedy: "Run the study first")
    }
  }

  public var count: Int { trainings.count }

  /// - Parameter destination: a folder that does not exist yet.
  public func write(_ format: Format, to destination: URL) throws {
    let staged = try StagedFolder(for: destination)
    switch format {
    case .mlflow: try writeMLflow(to: staged.url, place: destination.standardizedFileURL)
    case .tensorboard: try writeTensorBoard(to: staged.url)
    }
    try staged.commit()
  }

  // MARK: Formats

  private func writeMLflow(to folder: URL, place: URL) throws {
    // An id of digits that the same study has again; MLflow's own have eighteen.
    let number = plan.hash.prefix(15)
    let experiment = String(UInt64(number, radix: 16) ?? 1)
    let start = trainings.map(\.end).min() ?? Date(timeIntervalSince1970: 0)
    let store = try MLflowStore(
      experiment: experiment, name: plan.settings.name, in: folder.appendingPathComponent(experiment),
      place: place.appendingPathComponent(experiment), created: start)
    for one in trainings {
      var metrics = ["loss": one.record.loss.map { MLflowStore.Metric(step: $0.step, value: $0.loss) }]
      for (name, value) in try figures(one.record) {
        metrics[name] = [MLflowStore.Metric(step: one.record.steps, value: value)]
      }
      try store.add(
        MLflowStore.Run(
          id: String(one.cell.id.prefix(32)), name: one.cell.title,
          start: one.end.addingTimeInterval(-one.record.seconds), end: one.end, parameters: parameters(one),
          metrics: metrics))
    }
  }

  private func writeTensorBoard(to folder: URL) throws {
    for one in trainings {
      let run = folder.appendingPathComponent(one.cell.title.replacing(", ", with: " "))
      try Folder.create(at: run)
      let time = one.end.timeIntervalSince1970
      let file = try EventFile(in: run, wallTime: time)
      for point in one.record.loss {
        try file.write(scalars: [("loss", Float(point.loss))], step: point.step, wallTime: time)
      }
      let scalars = try figures(one.record).map { (tag: $0.name, value: Float($0.value)) }
      try file.write(scalars: scalars, step: one.record.steps, wallTime: time)
    }
  }

  // MARK: Contents

  private func parameters(_ one: Training) -> [String: String] {
    var parameters = ["arm": one.cell.arm.rawValue, "seed": "\(one.cell.seed)", "cell": one.cell.id, "plan": plan.hash]
    parameters["split"] = one.cell.part.split.map { "\($0)" }
    parameters["fraction"] = one.cell.part.fraction.map { "\($0)" }
    parameters["steps"] = "\(one.record.steps)"
    parameters["threads"] = "\(one.record.threads)"
    parameters["libtorch"] = one.record.libtorch
    for count in one.record.trainingImages {
      parameters["training images/\(count.origin.rawValue)/\(count.label)"] = "\(count.count)"
    }
    return parameters
  }

  /// Those of the test images that there are, such as `test/dice/pit`.
  private func figures(_ record: CellRecord) throws -> [(name: String, value: Double)] {
    let kinds = plan.settings.network.figures
    let sizes = DefectSizes.all(of: record.test, classes: record.classes.count)
    let scopes = FigureScope.all(of: plan.settings.defects)
    var values = [Double](repeating: .nan, count: kinds.count * scopes.count)
    try CellScores(record, sizes: sizes, settings: plan.settings).measure(kinds, weights: nil, into: &values)
    return scopes.enumerated().flatMap { place, scope in
      kinds.enumerated().map { ("test/\($1.rawValue)/\(scope.title)", values[place * kinds.count + $0]) }
    }.filter { $0.1.isFinite }
  }
}
