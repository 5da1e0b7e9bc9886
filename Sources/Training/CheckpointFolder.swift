import Foundation

/// The checkpoints of a run, by step.
public struct CheckpointFolder: Sendable {
  public let url: URL

  public init(_ url: URL) { self.url = url }

  /// Steps with a checkpoint, ascending. Files being written have other names.
  public func steps() throws -> [Int] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst(5).dropLast(12))
    }.sorted()
  }

  public func file(step: Int) -> URL { url.appendingPathComponent(String(format: "step-%08d.safetensors", step)) }

  /// The last checkpoint; nil while there is none.
  public func latest() throws -> Checkpoint? {
    guard let step = try steps().last else { return nil }
    return try Checkpoint(contentsOf: file(step: step))
  }

  /// Writes a checkpoint, then removes the older ones but the last before it, and what a killed process left unfinished.
  public func write(_ checkpoint: Checkpoint) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
    where name.hasPrefix(".step-") && name.hasSuffix(".part") {
      try FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
    try checkpoint.write(to: file(step: checkpoint.step))
    for step in try steps().filter({ $0 < checkpoint.step }).dropLast() {
      try FileManager.default.removeItem(at: file(step: step))
    }
  }
}
