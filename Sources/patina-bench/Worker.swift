import Files
import Foundation
import Torch

/// Answers requests of the driver: one line in, the work once, one line of JSON out.
///
/// Between requests it waits for input and computes nothing, so that contestants can take turns.
enum Worker {
  /// What a worker says first.
  struct Greeting: Encodable {
    let ready = true
    let threads: Int
    let libtorch: String
    let cpu: String
  }

  /// What it says after each request.
  struct Answer: Encodable {
    let seconds: Double
    /// What the work gave: losses of a step, the number of images loaded.
    let values: [Double]
    let residentBytes: Int
    let peakBytes: Int
  }

  /// Serves until the input ends. `work` returns the values that the answer carries.
  static func serve(_ work: () throws -> [Double]) throws {
    try write(
      Greeting(threads: Runtime.threadCount, libtorch: Runtime.runningVersion(), cpu: Runtime.cpuCapability))
    while let request = readLine() {
      guard request == "run" else {
        throw InputError(at: "standard input", expected: "a line 'run'", found: "'\(request)'")
      }
      var values: [Double] = []
      let clock = ContinuousClock()
      let elapsed = try clock.measure { values = try work() }
      let memory = try ProcessMemory.current()
      try write(
        Answer(
          seconds: elapsed / .seconds(1), values: values, residentBytes: memory.resident, peakBytes: memory.peak))
    }
  }

  /// One line of JSON, out at once: the driver waits for it.
  static func write(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = .sortedKeys
    try FileHandle.standardOutput.write(contentsOf: encoder.encode(value) + Data("\n".utf8))
  }
}
