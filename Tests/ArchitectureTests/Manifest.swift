/// The targets of Package.swift with their dependencies, read from its text.
///
/// `swift package dump-package` would say the same, but cannot run while the tests hold the build folder.
struct Manifest {
  /// By target, targets and products alike.
  let dependencies: [String: Set<String>]

  init(text: String) {
    let text = text.replacing(#///[^\n]*/#, with: "")
    var products: [Substring: Substring] = [:]
    for match in text.matches(of: #/let (\w+) = Target\.Dependency\.product\(name: "(\w+)"/#) {
      products[match.1] = match.2
    }
    var found: [String: Set<String>] = [:]
    func add(_ target: Substring, _ list: Substring) {
      found[String(target)] = Set(
        list.split(separator: ",").map { item in
          let name = item.trimmingPrefix(while: \.isWhitespace).prefix { !$0.isWhitespace }
          return name.hasPrefix("\"") ? String(name.dropFirst().dropLast()) : String(products[name] ?? name)
        }.filter { !$0.isEmpty })
    }
    for match in text.matches(of: #/\blibrary\(\s*"(\w+)",\s*\[([^\]]*)\]/#) { add(match.1, match.2) }
    let targets = #/\.(?:target|executableTarget)\(\s*name: "([\w\-]+)",\s*dependencies: \[([^\]]*)\]/#
    for match in text.matches(of: targets) { add(match.1, match.2) }
    for match in text.matches(of: #/\.systemLibrary\(name: "(\w+)"/#) { add(match.1, "") }
    dependencies = found
  }

  /// Everything that `target` links, through others too.
  func closure(of target: String) -> Set<String> {
    var result: Set<String> = []
    var open = [target]
    while let next = open.popLast() {
      for dependency in dependencies[next] ?? [] where result.insert(dependency).inserted { open.append(dependency) }
    }
    return result
  }
}
