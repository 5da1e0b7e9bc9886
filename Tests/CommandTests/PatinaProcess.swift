import Foundation

/// The built program, run as a user runs it.
struct PatinaProcess {
  let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  /// Stands beside the test bundle.
  static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("patina")

  init(_ arguments: [String]) throws {
    process.executableURL = Self.executable
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["OMP_WAIT_POLICY"] = "passive"
    process.environment = environment
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  /// Waits for the end.
  func finish() throws -> (code: Int32, output: String, errors: String) {
    // What a test prints is far below a pipe's 64 KiB, so reading after one another cannot block.
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let errorText = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text, errorText)
  }

  static func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
    try PatinaProcess(arguments).finish()
  }
}
