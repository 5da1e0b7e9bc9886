import Files
import Yams

/// A mapping of a YAML file that is read strictly: every key must be known, every value must be of its kind and range, and
/// every error names file, line and key.
struct YAMLMapping {
  private let file: String
  /// The keys that lead here, for example `classifier`; empty for the whole file.
  private let path: String
  private var entries: [String: (node: Node, line: Int)]

  /// - Throws: `InputError` when the node is no mapping, or has a key twice.
  init(_ node: Node, file: String, path: String = "") throws {
    self.file = file
    self.path = path
    guard case .mapping(let mapping) = node else {
      throw InputError(
        at: Self.place(file, node.mark?.line, path.isEmpty ? "the file" : path), expected: "keys with values",
        found: Self.describe(node))
    }
    var entries: [String: (node: Node, line: Int)] = [:]
    for (key, value) in mapping {
      let line = key.mark?.line ?? 0
      guard case .scalar(let scalar) = key else {
        throw InputError(at: Self.place(file, line, path), expected: "a name as key", found: Self.describe(key))
      }
      guard entries.updateValue((value, line), forKey: scalar.string) == nil else {
        throw InputError(at: Self.place(file, line, path), expected: "each key once", found: "'\(scalar.string)' again")
      }
    }
    self.entries = entries
  }

  /// The same with what another has, key by key, where this one has nothing.
  ///
  /// - Parameter leaving: inner mappings with this key are left as they are.
  func filled(from defaults: YAMLMapping, leaving: String) -> YAMLMapping {
    var result = self
    for (key, entry) in defaults.entries {
      guard let own = entries[key] else {
        result.entries[key] = entry
        continue
      }
      guard case .mapping(var mapping) = own.node, case .mapping(let others) = entry.node,
        !mapping.keys.contains(Node(leaving))
      else { continue }
      for (name, value) in others where !mapping.keys.contains(name) { mapping[name] = value }
      result.entries[key] = (.mapping(mapping), own.line)
    }
    return result
  }

  var keys: [String] { entries.keys.sorted { (entries[$0]?.line ?? 0, $0) < (entries[$1]?.line ?? 0, $1) } }

  func has(_ key: String) -> Bool { entries[key] != nil }

  /// - Throws: `InputError` for the first key that is not among `known`, with the nearest name that is.
  func refuseKeys(except known: [String]) throws {
    guard let stranger = keys.first(where: { !known.contains($0) }) else { return }
    let nearest = NearestName.suggestion(for: stranger, among: known).map { "Did you mean '\($0)'? " } ?? ""
    throw InputError(
      at: place(stranger), expected: "a known key", found: "'\(stranger)'",
      remedy: "\(nearest)Known here: \(known.joined(separator: ", "))")
  }

  func place(_ key: String) -> String {
    Self.place(file, entries[key]?.line, path.isEmpty ? key : "\(path).\(key)")
  }

  /// A value that must be there.
  func required<Value>(_ key: String, _ value: Value?, example: String) throws -> Value {
    guard let value else {
      throw InputError(
        at: Self.place(file, nil, path.isEmpty ? key : "\(path).\(key)"), expected: "a value", found: "no such key",
        remedy: "Add it, for example: \(key): \(example)")
    }
    return value
  }

  /// Text of 1 to 200 characters without control characters.
  func string(_ key: String) throws -> String? {
    guard let entry = entries[key] else { return nil }
    return try string(entry.node, at: place(key))
  }

  /// One of a few words.
  func choice<Choice>(_ key: String) throws -> Choice?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    guard let name = try string(key) else { return nil }
    guard let choice = Choice(rawValue: name) else {
      throw InputError(
        at: place(key), expected: Choice.allCases.map(\.rawValue).joined(separator: " or "), found: "'\(name)'")
    }
    return choice
  }

  func strings(_ key: String) throws -> [String]? {
    guard let entry = entries[key] else { return nil }
    guard case .sequence(let sequence) = entry.node else {
      throw InputError(
        at: place(key), expected: "a list, such as [a, b]", found: Self.describe(entry.node),
        remedy: "Write brackets even around a single name")
    }
    return try sequence.enumerated().map { try string($0.element, at: "\(place(key))[\($0.offset)]") }
  }

  func int(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let entry = entries[key] else { return nil }
    return try int(entry.node, in: range, at: place(key))
  }

  func int(_ key: String, in range: ClosedRange<Int>, default standard: Int) throws -> Int {
    try int(key, in: range) ?? standard
  }

  /// A list of whole numbers, or nil when the value is a single one.
  func ints(_ key: String, in range: ClosedRange<Int>) throws -> [Int]? {
    guard let entry = entries[key], case .sequence(let sequence) = entry.node else { return nil }
    return try sequence.enumerated().map { try int($0.element, in: range, at: "\(place(key))[\($0.offset)]") }
  }

  func doubles(_ key: String, in range: ClosedRange<Double>) throws -> [Double]? {
    guard let entry = entries[key] else { return nil }
    guard case .sequence(let sequence) = entry.node else {
      throw InputError(at: place(key), expected: "a list, such as [0.5, 1]", found: Self.describe(entry.node))
    }
    return try sequence.enumerated().map { index, node in
      guard let text = Self.plainText(node), let value = Double(text), range.contains(value) else {
        throw InputError(
          at: "\(place(key))[\(index)]", expected: "a number in \(range.lowerBound)...\(range.upperBound)",
          found: Self.describe(node))
      }
      return value
    }
  }

  func double(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let entry = entries[key] else { return nil }
    guard let text = Self.plainText(entry.node), let value = Double(text), range.contains(value) else {
      throw InputError(
        at: place(key), expected: "a number in \(range.lowerBound)...\(range.upperBound)",
        found: Self.describe(entry.node))
    }
    return value
  }

  func double(_ key: String, in range: ClosedRange<Double>, default standard: Double) throws -> Double {
    try double(key, in: range) ?? standard
  }

  func bool(_ key: String) throws -> Bool? {
    guard let entry = entries[key] else { return nil }
    switch Self.plainText(entry.node) {
    case "true": return true
    case "false": return false
    default: throw InputError(at: place(key), expected: "true or false", found: Self.describe(entry.node))
    }
  }

  func mapping(_ key: String) throws -> YAMLMapping? {
    guard let entry = entries[key] else { return nil }
    return try YAMLMapping(entry.node, file: file, path: path.isEmpty ? key : "\(path).\(key)")
  }

  func isMapping(_ key: String) -> Bool {
    if case .mapping = entries[key]?.node { true } else { false }
  }

  private func string(_ node: Node, at place: String) throws -> String {
    guard case .scalar(let scalar) = node, node.tag != Tag(.null), (1...200).contains(scalar.string.count),
      scalar.string.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { throw InputError(at: place, expected: "a text of 1 to 200 characters", found: Self.describe(node)) }
    return scalar.string
  }

  private func int(_ node: Node, in range: ClosedRange<Int>, at place: String) throws -> Int {
    guard let text = Self.plainText(node), let value = Int(text), range.contains(value) else {
      throw InputError(
        at: place, expected: "a whole number in \(range.lowerBound)...\(range.upperBound)", found: Self.describe(node))
    }
    return value
  }

  /// The text of an unquoted scalar: a quoted number is a text.
  private static func plainText(_ node: Node) -> String? {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return nil }
    return scalar.string
  }

  private static func place(_ file: String, _ line: Int?, _ key: String) -> String {
    (line.map { "\(file):\($0)" } ?? file) + (key.isEmpty ? "" : ": \(key)")
  }

  private static func describe(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar):
      if scalar.string.isEmpty { return "nothing" }
      return scalar.string.count > 60 ? "'\(scalar.string.prefix(60))…'" : "'\(scalar.string)'"
    case .mapping: return "keys with values"
    case .sequence(let sequence): return sequence.isEmpty ? "an empty list" : "a list"
    case .alias: return "an alias"
    }
  }
}
