import Files
import Foundation

/// A run on the disk: its record, losses, events, samples, checkpoints and log.
///
///     run.json      resolved configuration, versions, seed
///     losses.csv    one row per step
///     events/       for TensorBoard
///     samples/      pictures made on the way
///     checkpoints/  weights and optimizer states
///     log.txt       what the program said
///
/// Whoever writes holds a lock, so two processes never train into one folder.
public struct RunFolder: Sendable {
  public let url: URL
  /// Nil for a reader.
  private let lock: FolderLock?

  public var record: URL { url.appendingPathComponent("run.json") }
  public var losses: URL { url.appendingPathComponent("losses.csv") }
  public var log: URL { url.appendingPathComponent("log.txt") }
  public var events: URL { url.appendingPathComponent("events", isDirectory: true) }
  public var samples: URL { url.appendingPathComponent("samples", isDirectory: true) }
  public var checkpoints: URL { url.appendingPathComponent("checkpoints", isDirectory: true) }

  /// Makes a new run, whole or not at all. An empty folder may stand at `url`, and folders above it are made.
  ///
  /// - Throws: `InputError` when anything else stands there.
  public init(creating url: URL, record: RunRecord<some Codable>) throws {
    let url = url.standardizedFileURL
    let files = FileManager.default
    var replacing = false
    if files.fileExists(atPath: url.path) {
      guard let names = try? files.contentsOfDirectory(atPath: url.path), names.isEmpty else {
        let isRun = files.fileExists(atPath: url.appendingPathComponent("run.json").path)
        throw InputError(
          at: url.path, expected: "a new place for a run", found: isRun ? "a run" : "other files",
          remedy: isRun ? "Resume it, or choose another folder" : "Choose another folder")
      }
      replacing = true
    }
    let staged = try StagedFolder(for: url, replacing: replacing)
    for name in ["events", "samples", "checkpoints"] {
      try files.createDirectory(at: staged.url.appendingPathComponent(name), withIntermediateDirectories: false)
    }
    try JSONFile.write(record, to: staged.url.appendingPathComponent("run.json"))
    // Taken before the run can be seen; a lock stays with the file when the folder moves.
    lock = try FolderLock(in: staged.url)
    try staged.commit()
    self.url = url
  }

  /// Opens a run to go on with it.
  ///
  /// - Throws: `InputError` when there is no run, or another process writes to it.
  public init(resuming url: URL) throws {
    self.url = try Self.existing(url)
    lock = try FolderLock(in: self.url)
    for folder in [events, samples, checkpoints] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }

  /// Opens a run to read it, also while another process trains.
  ///
  /// - Throws: `InputError` when there is no run.
  public init(reading url: URL) throws {
    self.url = try Self.existing(url)
    lock = nil
  }

  /// Reads `run.json`; `JSONValue` stands for a configuration of any kind.
  public func readRecord<Configuration: Codable>(
    of type: Configuration.Type = JSONValue.self
  ) throws -> RunRecord<Configuration> {
    try JSONFile.read(RunRecord<Configuration>.self, from: record)
  }

  private static func existing(_ url: URL) throws -> URL {
    let url = url.standardizedFileURL
    guard FileManager.default.fileExists(atPath: url.appendingPathComponent("run.json").path) else {
      let isThere = FileManager.default.fileExists(atPath: url.path)
      throw InputError(
        at: url.path, expected: "a run's folder", found: isThere ? "no run.json in it" : "nothing",
        remedy: "Give the folder that training wrote to")
    }
    return url
  }
}
