import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Synthesis

/// Which files are translated, and to where.
struct TranslatedFilesTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    let png = try Image(width: 20, height: 10, filledWith: 90).encoded(as: .png)
    for name in ["in/a.png", "in/b/c.PNG", "in/.hidden/d.png", "empty/notes.txt", "one.png"] {
      try FileManager.default.createDirectory(
        at: temporary[name].deletingLastPathComponent(), withIntermediateDirectories: true)
      try png.write(to: temporary[name])
    }
  }

  private func targets(_ places: [String], to: String = "out", replacing: Bool = false) throws -> [String] {
    let prefix = temporary[to].path + "/"
    return try TranslatedFiles(places.map { temporary[$0] }, to: temporary[to], replacing: replacing).pairs.map {
      $0.target.path.replacingOccurrences(of: prefix, with: "")
    }
  }

  @Test func foldersKeepTheirPaths() throws {
    #expect(try targets(["in", "one.png"]) == ["a.png", "b/c.png", "one.png"])
    #expect(try targets(["in/a.png"]) == ["a.png"])
    // What was translated into a folder below is not translated again.
    #expect(try targets(["in"], to: "in/b") == ["a.png"])
  }

  @Test func noFileIsOverwritten() throws {
    for (places, to) in [
      (["nowhere"], "out"), (["empty"], "out"), (["in"], "in"), (["in", "in/a.png"], "out"),
      (["in/a.png"], "in"), ([], "out"),
    ] {
      #expect(throws: InputError.self, "\(places)") { try targets(places, to: to, replacing: true) }
    }
    try FileManager.default.createDirectory(at: temporary["out"], withIntermediateDirectories: true)
    try temporary.write("x", "out/a.png")
    #expect(throws: InputError.self) { try targets(["in"]) }
    #expect(try targets(["in"], replacing: true).count == 2)
  }

  @Test func oneBrokenFileDoesNotStopTheOthers() throws {
    let dataset = try temporary.steel(size: 64)
    let translation = try WholeTranslation(Translator(run: temporary.cycleGAN(on: dataset)))
    try temporary.write("no picture", "in/aa.png")
    var seen: [(Int, Bool)] = []
    try translation.translate(TranslatedFiles([temporary["in"]], to: temporary["out"])) { seen.append(($0, $1 == nil)) }
    #expect(seen.map(\.0) == [1, 2, 3] && seen.map(\.1) == [true, false, true])
    let made = try Image(contentsOf: temporary["out/b/c.png"])
    #expect((made.width, made.height) == (20, 10))
    #expect(try temporary.names(in: "out") == ["a.png", "b"])
  }
}
