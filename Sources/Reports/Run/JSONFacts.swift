import Runs

/// Any JSON value as a list of keys and values.
enum JSONFacts {
  /// Nested keys are joined by points, in alphabetical order; at most 500 of them.
  static func list(_ value: JSONValue) -> [(key: String, value: String)] {
    var facts: [(key: String, value: String)] = []
    add(value, path: "", to: &facts)
    return facts.count <= 500 ? facts : Array(facts.prefix(500)) + [("…", "\(facts.count - 500) more")]
  }

  private static func add(_ value: JSONValue, path: String, to facts: inout [(key: String, value: String)]) {
    switch value {
    case .object(let members):
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        add(member, path: path.isEmpty ? key : "\(path).\(key)", to: &facts)
      }
    case .array(let elements):
      let texts = elements.compactMap(text)
      if texts.count == elements.count {
        facts.append((path, texts.joined(separator: ", ")))
      } else {
        for (index, element) in elements.enumerated() { add(element, path: "\(path)[\(index)]", to: &facts) }
      }
    default: facts.append((path, text(value) ?? ""))
    }
  }

  /// A value that is no list and no object.
  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .null: "–"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value
    case .array, .object: nil
    }
  }
}
