/// Swift source as far as these tests read it.
struct SwiftText {
  /// The text without comments and without what stands in string literals, line by line as before.
  let code: String

  init(_ text: String) {
    // Multi-line literals first; their interpolations are dropped with them.
    code =
      text
      .replacing(#/(?s)"""\n.*?"""/#) { String(repeating: "\n", count: $0.0.count { $0 == "\n" }) }
      .replacing(#/"(?:\\.|[^"\\\n])*"/#, with: "\"\"")
      .replacing(#/(?s)/\*.*?\*//#) { String(repeating: "\n", count: $0.0.count { $0 == "\n" }) }
      .replacing(#///[^\n]*/#, with: "")
  }

  /// Modules that the file imports, in order.
  var imports: [String] {
    let pattern =
      #/(?m)^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var|actor)\s+)?(\w+)/#
    return code.matches(of: pattern).map { String($0.1) }
  }

  /// What the habits forbid, with the number of its line.
  var forbidden: [String] {
    code.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
      ["try!", "as!", "fatalError("].filter(line.contains).map { "line \(index + 1): \($0)" }
    }
  }
}
