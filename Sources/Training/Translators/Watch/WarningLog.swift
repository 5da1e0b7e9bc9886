import Files
import Foundation
import Runs

/// What went wrong in a run, in its `warnings.csv`: `step,since,event,finding,part,value`, a row per warning.
///
/// The file is written anew with each row, whole or not at all. It stands from the run's first step on: no rows are no warnings.
public struct WarningLog {
  public static let fileName = "warnings.csv"
  static let header = "step,since,event,finding,part,value"

  private let url: URL
  /// In the order in which they were told.
  public private(set) var warnings: [TrainingWarning]

  /// Begins a log; none may have rows there that a killed run did not come to save.
  init(creating url: URL) throws {
    self.url = url
    warnings = []
    try write()
  }

  /// Goes on with a log: what was noticed after `step` is dropped. Where there is no file, `replayed` stand in it.
  init(resuming url: URL, after step: Int, replayed: [TrainingWarning]) throws {
    self.url = url
    let found = FileManager.default.fileExists(atPath: url.path) ? try Self.read(url) : replayed
    // Before the first step nothing was saved.
    warnings = found.filter { $0.step <= step && step > 0 }
    try write()
  }

  mutating func append(_ more: [TrainingWarning]) throws {
    guard !more.isEmpty else { return }
    warnings += more
    try write()
  }

  /// Reads the warnings of a run.
  ///
  /// - Throws: `InputError` with path and line where something else stands.
  public static func read(_ url: URL) throws -> [TrainingWarning] {
    guard let data = FileManager.default.contents(atPath: url.path), let text = String(data: data, encoding: .utf8)
    else {
      throw InputError(at: url.path, expected: "a run's warnings", found: "no file that can be read")
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    guard lines.first.map(String.init) == header else {
      throw InputError(
        at: "\(url.path):1", expected: "the header '\(header)'", found: "'\(lines.first?.prefix(60) ?? "")'")
    }
    return try lines.enumerated().dropFirst().map { index, line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 6, let step = Int(fields[0]), let since = Int(fields[1]),
        let event = TrainingWarning.Event(rawValue: fields[2]),
        let finding = TrainingWarning.Finding(rawValue: fields[3]), let value = Double(fields[5])
      else {
        throw InputError(
          at: "\(url.path):\(index + 1)", expected: "two steps, an event, a finding, a part and a number",
          found: "'\(line.prefix(80))'")
      }
      return TrainingWarning(finding, event, part: fields[4], step: step, since: since, value: value)
    }
  }

  private func write() throws {
    let lines = warnings.map {
      "\($0.step),\($0.since),\($0.event.rawValue),\($0.finding.rawValue),\($0.part),\(TrainingWarning.number($0.value))"
    }
    try AtomicFile.write(([Self.header] + lines).joined(separator: "\n") + "\n", to: url)
  }
}
