import Files
import Foundation
import Runs

/// Walks through a study's cells, trains those that are not on disk yet, and keeps each as soon as it is done.
///
/// The folder then holds `plan.json` and `cells/<id>.json`. A study that was killed goes on where it stopped: at most one
/// training is lost. Cells of earlier plans are left alone.
public struct StudyRunner: Sendable {
  public let plan: StudyPlan
  /// The study's folder.
  public let folder: URL

  public init(plan: StudyPlan, folder: URL) {
    self.plan = plan
    self.folder = folder
  }

  /// Where a cell's record stands.
  public func url(of cell: StudyCell) -> URL {
    folder.appendingPathComponent("cells").appendingPathComponent("\(cell.id).json")
  }

  /// Runs what is left and gives back every cell's record, in the plan's order.
  ///
  /// - Parameters:
  ///   - progress: called before each training and once at the end.
  ///   - train: trains one cell.
  /// - Throws: `InputError` for a record on disk that cannot be read or is not of this cell, or one from `train` that is not
  ///   of the cell asked for; and whatever `train` throws. Everything finished before stays on disk.
  public func run(
    progress: (StudyProgress) throws -> Void = { _ in }, train: (StudyCell) throws -> CellRecord
  ) throws -> [CellRecord] {
    try Folder.create(at: folder.appendingPathComponent("cells"))
    try plan.write(to: folder)
    let cells = try plan.cells()
    // All of them are read first: a broken record shows before hours of training, not after.
    var records: [String: CellRecord] = [:]
    for cell in cells { records[cell.id] = try finished(cell) }
    for cell in cells where records[cell.id] == nil {
      try progress(StudyProgress(cells: cells, records: records, next: cell))
      let record = try train(cell)
      try check(record, is: cell, at: "the training of \(cell.arm.rawValue), seed \(cell.seed)", remedy: "")
      try JSONFile.write(record, to: url(of: cell))
      records[cell.id] = record
    }
    try progress(StudyProgress(cells: cells, records: records, next: nil))
    return cells.compactMap { records[$0.id] }
  }

  /// The record of a cell that is on disk; nil where it is still to be trained.
  public func finished(_ cell: StudyCell) throws -> CellRecord? {
    let url = url(of: cell)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let remedy = "Remove this file to train the cell again, or choose another folder"
    let record: CellRecord
    do {
      record = try CellRecord.read(from: url)
    } catch let error as InputError {
      throw InputError(at: error.place, expected: error.expected, found: error.found, remedy: remedy)
    }
    try check(record, is: cell, at: url.path, remedy: remedy)
    return record
  }

  private func check(_ record: CellRecord, is cell: StudyCell, at place: String, remedy: String) throws {
    func demand(_ key: String, _ expected: String, _ found: String) throws {
      guard expected == found else {
        throw InputError(at: "\(place): \(key)", expected: expected, found: found, remedy: remedy)
      }
    }
    try demand("id", cell.id, record.id)
    try demand("arm", cell.arm.rawValue, record.arm)
    try demand("seed", "\(cell.seed)", "\(record.seed)")
    try demand("classes", plan.settings.classes.joined(separator: ", "), record.classes.joined(separator: ", "))
    try demand("steps", "\(plan.settings.classifier.steps)", "\(record.steps)")
    try record.check(at: place)
  }
}

/// How far a study is.
public struct StudyProgress: Equatable, Sendable {
  public let done: Int
  public let total: Int
  /// What is trained next; nil when all is done.
  public let next: StudyCell?
  /// Expected time for everything that is left; nil before the first training is done.
  public let secondsLeft: Double?

  init(cells: [StudyCell], records: [String: CellRecord], next: StudyCell?) {
    done = records.count
    total = cells.count
    self.next = next
    // A cell takes as long as finished ones of its arm, or else as finished ones at large.
    func mean(_ records: [CellRecord]) -> Double? {
      records.isEmpty ? nil : records.reduce(0) { $0 + $1.seconds } / Double(records.count)
    }
    let overall = mean(Array(records.values))
    let byArm = Dictionary(grouping: records.values, by: \.arm).compactMapValues(mean)
    secondsLeft = overall.map { overall in
      cells.reduce(0) { $0 + (records[$1.id] == nil ? byArm[$1.arm.rawValue] ?? overall : 0) }
    }
  }
}
