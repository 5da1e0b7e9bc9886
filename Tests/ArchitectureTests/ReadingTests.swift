import Testing

/// The readers behind the checks: a check that finds nothing must not be one that reads nothing.
@Suite struct ReadingTests {
  @Test(arguments: [
    ("import Torch", ["Torch"]),
    ("import Files\nimport Torch\n", ["Files", "Torch"]),
    ("@testable import Runs", ["Runs"]),
    ("@_exported public import struct Images.Image", ["Images"]),
    ("  internal import Yams // why", ["Yams"]),
    ("#if canImport(Glibc)\nimport Glibc\n#endif", ["Glibc"]),
    ("// import Torch\n/* \nimport Torch\n*/\nlet text = \"import Torch\"", []),
    ("let text = \"\"\"\n  import Torch\n  \"\"\"\nimport Runs", ["Runs"]),
    ("let importer = 1", []),
  ])
  func importsInEveryForm(text: String, expected: [String]) {
    #expect(SwiftText(text).imports == expected)
  }

  @Test(arguments: [
    ("let x = try! f()", ["line 1: try!"]),
    ("\nlet x = y as! Int", ["line 2: as!"]),
    ("\"\"\"\n\n\"\"\"; fatalError(\"no\")", ["line 3: fatalError("]),
    ("// try! never\nlet x = \"as!\"", []),
    ("let url = \"https://x\"; fatalError()", ["line 1: fatalError("]),
    ("preconditionFailure(\"text\")", []),
  ])
  func forbiddenWords(text: String, expected: [String]) {
    #expect(SwiftText(text).forbidden == expected)
  }

  @Test func table() {
    let table = ImportTable(
      document: """
          A --> B & C
          all-in --> A
        | target | purpose | may import |
        |---|---|---|
        | `B` | below; any target may import it | |
        | `C` | beside | `Yams` |
        | `A` | top | `B`, `C` |
        | `all-in` | end | everything |
        | `images/`, `splits.json` | a folder | `C` |
        """)
    #expect(table.rows.map(\.target) == ["B", "C", "A", "all-in"])
    #expect(table.free == ["B"])
    #expect(table.allowed("A") == ["B", "C"])
    #expect(table.allowed("C") == ["B", "Yams"])
    #expect(table.allowed("all-in") == nil)
    #expect(table.allowed("unknown") == [])
    #expect(table.arrows.map { "\($0.from)\($0.to)" } == ["AB", "AC", "all-inA"])
  }

  @Test func manifest() {
    let manifest = Manifest(
      text: """
        let yams = Target.Dependency.product(name: "Yams", package: "Yams")
        .systemLibrary(name: "CLib", pkgConfig: path),
        .target(name: "C", dependencies: ["CLib"]),
        library("A", ["C", "B"]),  // library("D", ["A"])
        library(
          "B", [yams],
          resources: [.copy("x")]),
        .executableTarget(
          name: "all-in",
          dependencies: [
            "A", yams,
          ]),
        """)
    #expect(
      manifest.dependencies == ["CLib": [], "C": ["CLib"], "A": ["C", "B"], "B": ["Yams"], "all-in": ["A", "Yams"]])
    #expect(manifest.closure(of: "A") == ["C", "CLib", "B", "Yams"])
  }
}
