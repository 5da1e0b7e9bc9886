import Files
import Foundation
import Runs

/// Walks through a study's cells, trains those that are not on disk yet, and keeps each as soon as it is done.
///
/// The folder then holds `plan.json` and `cells/<id>.json`. A study that was killed goes on where it stopped: at most one
/// training is lost. Cells of earlier plans are left alone. Several processes, also on several machines, may share a folder:
/// who trains a cell locks `claims/<id>`, and where locks do not reach, a cell that is trained twice gives the same record twice.
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

  /// Runs what is left and gives back the cells' records, in the plan's order. It waits for cells that other processes train.
  ///
  /// - Parameters:
  ///   - wanted: the ids of the cells to run; nil for all.
  ///   - progress: called before each training and once at the end.
  ///   - wait: called again and again while only others train; throwing from it ends the run.
  ///   - train: trains one cell.
  /// - Throws: `InputError` for a record on disk that cannot be read or is not of this cell, or one from `train` that is not
  ///   of the cell asked for; and whatever `train` throws. Everything finished before stays on disk.
  public func run(
    only wanted: Set<String>? = nil, progress: (StudyProgress) throws -> Void = { _ in },
    wait: () throws -> Void = {}, train: (StudyCell) throws -> CellRecord
  ) throws -> [CellRecord] {
    let claims = try Self.makeFolders(in: folder)
    try plan.write(to: folder)
    let cells = try plan.cells().filter { wanted?.contains($0.id) ?? true }
    // All of them are read first: a broken record shows before hours of training, not after.
    var records: [String: CellRecord] = [:]
    for cell in cells { records[cell.id] = try finished(cell) }
    var left = cells.filter { records[$0.id] == nil }
    while !left.isEmpty {
      for cell in left {
        guard let claim = try FileLock(at: claims.appendingPathComponent(cell.id)) else { continue }
        // Somebody else may have finished it meanwhile.
        var record = try finished(cell)
        if record == nil {
          try progress(StudyProgress(cells: cells, records: records, next: cell))
          let new = try train(cell)
          try check(new, is: cell, at: "the training of \(cell.title)", remedy: "")
          try JSONFile.write(new, to: url(of: cell))
          record = new
        }
        records[cell.id] = record
        withExtendedLifetime(claim) {}
      }
      left = left.filter { records[$0.id] == nil }
      if !left.isEmpty {
        try wait()
        FileLock.pause()
      }
    }
    try progress(StudyProgress(cells: cells, records: records, next: nil))
    return cells.compactMap { records[$0.id] }
  }

  /// Makes the folders of records and of claims.
  ///
  /// - Returns: that of claims.
  static func makeFolders(in folder: URL) throws -> URL {
    let claims = folder.appendingPathComponent("claims")
    for url in [folder.appendingPathComponent("cells"), claims] { try Folder.create(at: url) }
    return claims
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
    try demand("split", "\(cell.part.split ?? -1)", "\(record.split ?? -1)")
    try demand("fraction", "\(cell.part.fraction ?? 1)", "\(record.fraction ?? 1)")
    try demand("classes", plan.settings.classes.joined(separator: ", "), record.classes.joined(separator: ", "))
    try demand("steps", "\(plan.settings.network.steps)", "\(record.steps)")
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
