import Files
import Foundation
import TestFolders
import Testing

struct AtomicFileTests {
  private let place: TemporaryFolder
  private var folder: URL { place.url }

  init() throws {
    place = try TemporaryFolder()
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func replacesTheWholeFile() throws {
    let file = folder.appendingPathComponent("a.txt")
    try AtomicFile.write("first, and longer", to: file)
    try AtomicFile.write("second", to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) == "second")
    #expect(try names() == ["a.txt"])
  }

  @Test func aFailureInTheMiddleLeavesTheOldFile() throws {
    let file = folder.appendingPathComponent("a.txt")
    try AtomicFile.write("old", to: file)
    struct Interrupted: Error {}
    #expect(throws: Interrupted.self) {
      try AtomicFile.write(to: file) { handle in
        try handle.write(contentsOf: Data("ne".utf8))
        throw Interrupted()
      }
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == "old")
    #expect(try names() == ["a.txt"])
  }

  @Test func namesThePlaceThatCannotBeWritten() {
    let file = folder.appendingPathComponent("missing/a.txt")
    #expect(throws: InputError.self) { try AtomicFile.write("x", to: file) }
  }

  @Test func aStagedFolderAppearsWholeOrNotAtAll() throws {
    let target = folder.appendingPathComponent("set")
    do {
      let staged = try StagedFolder(for: target)
      try AtomicFile.write("half", to: staged.url.appendingPathComponent("a"))
    }
    #expect(try names() == [])
    let staged = try StagedFolder(for: target)
    try AtomicFile.write("whole", to: staged.url.appendingPathComponent("a"))
    try staged.commit()
    #expect(try names() == ["set"])
    #expect(throws: InputError.self) { try StagedFolder(for: target) }
    let second = try StagedFolder(for: target, replacing: true)
    try AtomicFile.write("new", to: second.url.appendingPathComponent("b"))
    try second.commit()
    #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == ["b"])
    #expect(try names() == ["set"])
  }

  @Test func whatAKilledProcessLeftIsPutRight() throws {
    // No process has this number: Linux ends at 4194304.
    let target = folder.appendingPathComponent("set")
    for name in [".set.99999999.part", ".set.99999998.old"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
      try AtomicFile.write(name, to: folder.appendingPathComponent("\(name)/a"))
    }
    // Killed between moving the old folder aside and putting the new one in place: the old one is back.
    #expect(throws: InputError.self) { try StagedFolder(for: target) }
    #expect(try names() == ["set"])
    #expect(try String(contentsOf: target.appendingPathComponent("a"), encoding: .utf8) == ".set.99999998.old")
  }

  @Test func nothingThatAppearedMeanwhileIsReplaced() throws {
    let target = folder.appendingPathComponent("set")
    let staged = try StagedFolder(for: target)
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    try AtomicFile.write("another's", to: target.appendingPathComponent("a"))
    #expect(throws: InputError.self) { try staged.commit() }
    #expect(try String(contentsOf: target.appendingPathComponent("a"), encoding: .utf8) == "another's")
  }

  @Test func hashesAsPublished() throws {
    // FIPS 180-4's own example.
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(ContentHash.sha256(Data("abc".utf8)) == expected)
    let file = folder.appendingPathComponent("abc")
    try AtomicFile.write("abc", to: file)
    #expect(try ContentHash.sha256(contentsOf: file) == expected)
  }
}
