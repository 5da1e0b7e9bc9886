import Files
import Foundation

/// Appends a row of losses per step to a CSV file, `step,<name>,…`.
///
/// The same numbers give the same bytes, so two runs are compared by comparing files. A row goes to the system in one
/// write and survives the end of the process; `synchronize()` makes it survive a power cut.
public final class LossLog {
  public let columns: [String]
  /// The last row's step; nil while there is none.
  public private(set) var lastStep: Int?
  private let handle: FileHandle

  /// Starts a log at `url`.
  ///
  /// - Throws: `InputError` when a file stands there or none can be written.
  public convenience init(creating url: URL, columns: [String]) throws {
    if FileManager.default.fileExists(atPath: url.path) {
      throw InputError(
        at: url.path, expected: "no loss log yet", found: "one that would be overwritten",
        remedy: "Resume the run, or choose another folder")
    }
    Self.check(columns)
    try AtomicFile.write(LossTable.header(columns), to: url)
    try self.init(appendingTo: url, columns: columns, lastStep: nil)
  }

  /// Goes on with the log at `url`: rows after `step`, and an unfinished last line, are dropped.
  ///
  /// - Throws: `InputError` when the file is no loss log or has other columns than `columns`.
  public convenience init(resuming url: URL, columns: [String], after step: Int) throws {
    Self.check(columns)
    let table = try LossTable(contentsOf: url)
    guard table.columns == columns else {
      throw InputError(
        at: "\(url.path):1", expected: "the columns \(columns.joined(separator: ", "))",
        found: table.columns.joined(separator: ", "), remedy: "Resume with the settings that the run began with")
    }
    let kept = LossTable(columns: columns, rows: table.rows.filter { $0.step <= step })
    try AtomicFile.write(kept.text, to: url)
    try self.init(appendingTo: url, columns: columns, lastStep: kept.rows.last?.step)
  }

  private init(appendingTo url: URL, columns: [String], lastStep: Int?) throws {
    let descriptor = open(url.path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(at: url.path, expected: "a file to append to", found: String(cString: strerror(errno)))
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    self.columns = columns
    self.lastStep = lastStep
  }

  /// Adds a row; `values` stand in the order of `columns`, and steps rise.
  public func append(step: Int, values: [Double]) throws {
    precondition(values.count == columns.count, "\(columns.count) columns, but \(values.count) values")
    precondition(lastStep.map { step > $0 } ?? true, "step \(step) after step \(lastStep ?? 0)")
    try handle.write(contentsOf: Data(LossTable.line(.init(step: step, values: values)).utf8))
    lastStep = step
  }

  /// Waits until the disk has every row.
  public func synchronize() throws { try handle.synchronize() }

  private static func check(_ columns: [String]) {
    precondition(!columns.isEmpty, "a loss log needs a column")
    precondition(Set(columns + ["step"]).count == columns.count + 1, "each column needs a name of its own: \(columns)")
    for name in columns {
      precondition(
        !name.isEmpty && !name.contains { ",\"".contains($0) || $0.isNewline },
        "a column's name has no comma, quote or line end: '\(name)'")
    }
  }
}
