import Foundation
import Torch

/// A file of Tests/Goldens: what PyTorch computed, case by case.
public struct Goldens {
  public let file: Safetensors

  /// The folder Tests/Goldens of this checkout.
  public static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens")

  /// - Parameter name: `layers`, `losses`, `optimizers` or `cyclegan`.
  public init(_ name: String) throws {
    file = try Safetensors(contentsOf: Self.folder.appending(path: "\(name).safetensors"))
  }

  /// The names of all cases in order.
  public var cases: [String] {
    let names = file.names + Array(file.metadata.keys)
    return Set(names.map { String($0.prefix { $0 != "." }) }).sorted()
  }

  /// The cases of a file for a parameterised test; none where the file cannot be read, which `#require(!cases.isEmpty)`
  /// in a test beside it must catch.
  public static func cases(_ name: String, where included: (String) -> Bool = { _ in true }) -> [String] {
    ((try? Goldens(name))?.cases ?? []).filter(included)
  }

  public func callAsFunction(_ name: String) throws -> GoldenCase { try GoldenCase(name, in: file) }
}

/// The tensors and settings of one case. It remembers which were asked for, so that a test can show that it used all.
public final class GoldenCase {
  public let name: String
  private let file: Safetensors
  private let settings: [String: String]
  private var unused: Set<String>

  init(_ name: String, in file: Safetensors) throws {
    let prefix = "\(name)."
    self.name = name
    self.file = file
    settings = file.metadata.filter { $0.key.hasPrefix(prefix) }
    unused = Set(settings.keys).union(file.names.filter { $0.hasPrefix(prefix) })
    guard !unused.isEmpty else { throw GoldenError("no golden case '\(name)' in \(file.url.path)") }
  }

  /// Full names of tensors and settings that nobody has asked for yet.
  public var leftovers: [String] { unused.sorted() }

  public func has(_ key: String) -> Bool { file.entries["\(name).\(key)"] != nil }

  public func tensor(_ key: String) throws -> Tensor {
    unused.remove("\(name).\(key)")
    return try file.tensor("\(name).\(key)")
  }

  /// All tensors whose key starts with `prefix`, such as `parameter.`, by the rest of the key.
  public func tensors(_ prefix: String) throws -> [String: Tensor] {
    let start = "\(name).\(prefix)"
    var result: [String: Tensor] = [:]
    for full in file.names where full.hasPrefix(start) {
      result[String(full.dropFirst(start.count))] = try tensor(prefix + full.dropFirst(start.count))
    }
    return result
  }

  public func setting(_ key: String) -> String? {
    unused.remove("\(name).\(key)")
    return settings["\(name).\(key)"]
  }

  /// - Throws: when the setting is not there.
  public func text(_ key: String) throws -> String {
    guard let text = setting(key) else { throw GoldenError("\(name) has no setting '\(key)'") }
    return text
  }

  /// A setting of one or several whole numbers.
  public func integers(_ key: String) throws -> [Int]? {
    try setting(key)?.split(separator: ",").map { try number(Int(String($0)), key) }
  }

  public func integer(_ key: String) throws -> Int? { try setting(key).map { try number(Int($0), key) } }
  public func numbers(_ key: String) throws -> [Double]? {
    try setting(key)?.split(separator: ",").map { try number(Double(String($0)), key) }
  }
  public func number(_ key: String) throws -> Double? { try setting(key).map { try number(Double($0), key) } }
  public func flag(_ key: String) throws -> Bool? { try setting(key).map { try number(Bool($0), key) } }

  private func number<Value>(_ value: Value?, _ key: String) throws -> Value {
    guard let value else { throw GoldenError("\(name).\(key) is no \(Value.self)") }
    return value
  }
}

/// A golden file is not as the test expects.
public struct GoldenError: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
