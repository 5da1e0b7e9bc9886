/// What became of each name when a state was loaded into a module. Names are in order.
public struct LoadReport: Equatable, Sendable, CustomStringConvertible {
  /// A tensor whose shape in the file is not the module's.
  public struct Mismatch: Equatable, Sendable {
    public let name: String
    public let expected: [Int]
    public let found: [Int]
  }

  /// Copied into the module.
  public let loaded: [String]
  /// In the module, not in the state.
  public let missing: [String]
  /// In the state, not in the module.
  public let unexpected: [String]
  /// In both, with different shapes.
  public let mismatched: [Mismatch]

  /// Compares the names and shapes that are wanted with those that are given.
  public init(own: [(name: String, shape: [Int])], given: [String: [Int]]) {
    var loaded: [String] = []
    var missing: [String] = []
    var mismatched: [Mismatch] = []
    for (name, shape) in own.sorted(by: { $0.name < $1.name }) {
      switch given[name] {
      case nil: missing.append(name)
      case shape: loaded.append(name)
      case .some(let found): mismatched.append(Mismatch(name: name, expected: shape, found: found))
      }
    }
    self.loaded = loaded
    self.missing = missing
    self.mismatched = mismatched
    unexpected = Set(given.keys).subtracting(own.map(\.name)).sorted()
  }

  /// Whether names and shapes agreed throughout.
  public var isComplete: Bool { missing.isEmpty && unexpected.isEmpty && mismatched.isEmpty }

  public var description: String {
    let shapes = mismatched.map { "\($0.name) (\($0.found) for \($0.expected))" }
    let parts = [
      "\(loaded.count) that fit", Self.list("missing", missing), Self.list("unexpected", unexpected),
      Self.list("of another shape", shapes),
    ]
    return parts.compactMap(\.self).joined(separator: "; ")
  }

  /// Names after their number, the first few of many.
  private static func list(_ kind: String, _ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    let shown = 8
    let rest = names.count > shown ? ", …" : ""
    return "\(names.count) \(kind): \(names.prefix(shown).joined(separator: ", "))\(rest)"
  }
}
