import Files
import Foundation

/// What a loss log holds: one row per step, one column per name.
public struct LossTable: Equatable, Sendable {
  public struct Row: Equatable, Sendable {
    public let step: Int
    /// In the order of the columns; not a number and infinity stand as they came.
    public let values: [Double]
  }

  /// The names after `step`.
  public let columns: [String]
  /// Steps rise from row to row.
  public let rows: [Row]

  /// Steps and values of one column, or nil if there is no such name.
  public subscript(column column: String) -> [(step: Int, value: Double)]? {
    guard let index = columns.firstIndex(of: column) else { return nil }
    return rows.map { ($0.step, $0.values[index]) }
  }

  /// Reads `losses.csv`. A last line without its end, left by a killed process, is passed over.
  ///
  /// - Throws: `InputError` with path and line where something else stands than a loss log.
  public init(contentsOf url: URL) throws {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw InputError(at: url.path, expected: "a loss log", found: "no file that can be read")
    }
    try self.init(data, name: url.path)
  }

  init(_ data: Data, name: String) throws {
    // Everything behind the last line end is unfinished.
    let whole = data[..<(data.lastIndex(of: UInt8(ascii: "\n")) ?? data.startIndex)]
    let lines = whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let header = lines[0].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard header.count > 1, header[0] == "step" else {
      throw InputError(
        at: "\(name):1", expected: "a header 'step,<name>,…'",
        found: "'\(String(decoding: lines[0].prefix(60), as: UTF8.self))'")
    }
    columns = Array(header.dropFirst())
    guard Set(header).count == header.count, !header.contains("") else {
      throw InputError(at: "\(name):1", expected: "a name of its own for each column", found: "'\(header)'")
    }
    var rows: [Row] = []
    rows.reserveCapacity(lines.count - 1)
    for (index, line) in lines.enumerated().dropFirst() {
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      let values = fields.dropFirst().compactMap(Double.init)
      guard fields.count == header.count, values.count == columns.count, let step = Int(fields[0]) else {
        throw InputError(
          at: "\(name):\(index + 1)", expected: "a step and \(columns.count) numbers",
          found: "'\(String(decoding: line.prefix(80), as: UTF8.self))'")
      }
      if let last = rows.last, step <= last.step {
        throw InputError(at: "\(name):\(index + 1)", expected: "a step after \(last.step)", found: "\(step)")
      }
      rows.append(Row(step: step, values: values))
    }
    self.rows = rows
  }

  init(columns: [String], rows: [Row]) {
    self.columns = columns
    self.rows = rows
  }

  /// The file's exact text. A number is the shortest that reads back as the same `Double`.
  var text: String { Self.header(columns) + rows.map(Self.line).joined() }

  static func header(_ columns: [String]) -> String { (["step"] + columns).joined(separator: ",") + "\n" }

  static func line(_ row: Row) -> String {
    "\(row.step)," + row.values.map { "\($0)" }.joined(separator: ",") + "\n"
  }
}
