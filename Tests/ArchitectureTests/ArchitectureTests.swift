import Testing

/// Holds the sources to ARCHITECTURE.md.
@Suite struct ArchitectureTests {
  let checkout = Checkout()
  let table: ImportTable
  let manifest: Manifest

  init() throws {
    table = try ImportTable(document: checkout.text("ARCHITECTURE.md"))
    manifest = try Manifest(text: checkout.text("Package.swift"))
  }

  /// Modules of the toolchain that any target may import.
  static let toolchain: Set<String> = ["Foundation", "Synchronization", "Dispatch", "Glibc"]

  @Test func everyTargetHasARow() {
    #expect(Checkout.targets.contains("Torch") && Checkout.targets.contains("patina"))
    #expect(table.rows.map(\.target).sorted() == Checkout.targets)
    #expect(table.free == ["Files", "Randomness"])
  }

  @Test func everyTargetIsInTheManifest() {
    let own = manifest.dependencies.keys.filter { $0 != "TestSupport" }
    #expect(own.sorted() == Checkout.targets)
  }

  /// So that the imports can have no cycle.
  @Test func aTargetMayImportOnlyTargetsAboveIt() {
    var above: Set<String> = []
    for row in table.rows {
      let below = (row.mayImport ?? []).intersection(Checkout.targets).subtracting(above)
      #expect(below.isEmpty, "\(row.target) may import \(below.sorted()), which stand below it")
      above.insert(row.target)
    }
  }

  @Test func theDrawingShowsImportsOfTheTable() {
    #expect(!table.arrows.isEmpty)
    for (from, to) in table.arrows {
      #expect(Checkout.targets.contains(to))
      #expect(table.allowed(from)?.contains(to) ?? true, "the drawing lets \(from) import \(to), the table does not")
    }
    let drawn = Set(table.arrows.flatMap { [$0.from, $0.to] })
    #expect(drawn.union(table.free).sorted() == Checkout.targets)
  }

  @Test(arguments: Checkout.targets)
  func importsAreThoseOfTheTable(target: String) throws {
    let declared = manifest.dependencies[target] ?? []
    for file in try checkout.files(in: "Sources/\(target)", ["swift"]) {
      for module in try SwiftText(checkout.text(file)).imports where !Self.toolchain.contains(module) {
        #expect(table.allowed(target)?.contains(module) ?? true, "\(file) imports \(module)")
        #expect(declared.contains(module), "\(file) imports \(module), which Package.swift does not give to \(target)")
      }
    }
  }

  @Test(arguments: Checkout.targets)
  func dependenciesAreThoseOfTheTable(target: String) {
    guard let allowed = table.allowed(target) else { return }
    let extra = (manifest.dependencies[target] ?? []).subtracting(allowed)
    #expect(extra.isEmpty, "Package.swift gives \(target) \(extra.sorted())")
  }

  @Test(arguments: ["Files", "Randomness", "Images", "Runs", "Reports"])
  func whatNeedsNoTensorsLinksNoTorch(target: String) {
    #expect(manifest.closure(of: target).isDisjoint(with: ["Torch", "CTorch", "CLibTorch"]))
  }

  @Test(arguments: Checkout.targets)
  func onlyTheBindingsSeeForeignHeaders(target: String) throws {
    for file in try checkout.files(in: "Sources/\(target)", ["h", "cpp"]) {
      for match in try checkout.text(file).matches(of: #/#include <(ATen|torch|c10|opencv2)/#) {
        #expect(target == (match.1 == "opencv2" ? "CVision" : "CTorch"), "\(file) includes \(match.1)")
      }
    }
  }

  @Test(arguments: Checkout.targets)
  func nothingEndsTheProcessOnBadInput(target: String) throws {
    for file in try checkout.files(in: "Sources/\(target)", ["swift"]) {
      #expect(try SwiftText(checkout.text(file)).forbidden.isEmpty, "in \(file)")
    }
  }

  @Test(arguments: Checkout.targets)
  func filesStayReadable(target: String) throws {
    for file in try checkout.files(in: "Sources/\(target)", ["swift", "h", "cpp"]) {
      let lines = try checkout.text(file).count { $0 == "\n" }
      #expect(lines <= 400, "\(file) has \(lines) lines: split it")
    }
  }

  @Test(arguments: [
    "Sources", "Tests", "Examples", "Benchmarks", "scripts", "docs", "Package.swift", "Makefile", "README.md",
    "ARCHITECTURE.md", "CHANGELOG.md",
  ])
  func noPathsOfOneMachine(place: String) throws {
    let kinds: Set = [
      "swift", "h", "cpp", "modulemap", "py", "sh", "md", "txt", "json", "yaml", "yml", "css", "js", "",
    ]
    for file in try checkout.files(in: place, kinds) {
      let found = try checkout.text(file).matches(of: #/(?:^|[\s"'`(=:>])(/(?:home|root|Users|work|mnt)/[\w.\-]+)/#)
        .map { String($0.1) }
      #expect(found.isEmpty, "in \(file)")
    }
  }
}
