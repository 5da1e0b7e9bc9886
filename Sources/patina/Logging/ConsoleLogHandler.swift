import Foundation
import Logging
import Runs

/// Log lines as a user reads them: on standard error, and in the run's `log.txt` while one is written.
struct ConsoleLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let line = event.level >= .warning ? "\(event.level): \(event.message)" : "\(event.message)"
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}

/// Log lines in a run's own file.
struct RunLogHandler: LogHandler {
  let file: LogFile
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.debug

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    // A log that cannot be written must not end a training.
    try? file.append("\(Date().ISO8601Format()) \(event.level): \(event.message)")
  }
}

extension Logger {
  /// To the console.
  static var console: Logger { Logger(label: "patina") { _ in ConsoleLogHandler() } }

  /// To the console, and to the log of a run.
  static func run(_ folder: RunFolder) throws -> Logger {
    let file = try LogFile(appendingTo: folder.log)
    return Logger(label: "patina") { _ in MultiplexLogHandler([ConsoleLogHandler(), RunLogHandler(file: file)]) }
  }
}
