import Files
import Foundation
import Torch

/// All that a run needs to go on exactly: one safetensors file, written whole or not at all.
///
/// Tensors are weights, optimizer moments and image pools; everything else (step, random states) stands as JSON in the
/// header. A process killed at any moment leaves the checkpoint before.
public struct Checkpoint {
  public let step: Int
  public var tensors: [String: Tensor]
  public var metadata: [String: String]

  public init(step: Int, tensors: [String: Tensor], metadata: [String: String] = [:]) {
    self.step = step
    self.tensors = tensors
    self.metadata = metadata
  }

  /// - Throws: `InputError` when the file is damaged or no checkpoint.
  public init(contentsOf url: URL) throws {
    let file = try Safetensors(contentsOf: url)
    guard let text = file.metadata["step"], let step = Int(text), step >= 0 else {
      throw InputError(at: url.path, expected: "a checkpoint with its step", found: "another safetensors file")
    }
    self.init(step: step, tensors: try file.tensors(), metadata: file.metadata)
  }

  public func write(to url: URL) throws {
    var metadata = metadata
    metadata["step"] = String(step)
    try Safetensors.write(tensors, metadata: metadata, to: url)
  }

  /// The tensors under `prefix.`, without it.
  public func tensors(under prefix: String) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, tensor) in tensors where name.hasPrefix(prefix + ".") {
      result[String(name.dropFirst(prefix.count + 1))] = tensor
    }
    return result
  }

  /// Adds tensors under `prefix.`.
  public mutating func add(_ more: [String: Tensor], under prefix: String) {
    for (name, tensor) in more { tensors["\(prefix).\(name)"] = tensor }
  }

  public func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
    guard let text = metadata[key], let value = try? JSONDecoder().decode(type, from: Data(text.utf8)) else {
      throw InputError(
        at: "checkpoint of step \(step)", expected: "\(key) in its header", found: "none that can be read")
    }
    return value
  }

  public mutating func encode(_ value: some Encodable, _ key: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    metadata[key] = String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
