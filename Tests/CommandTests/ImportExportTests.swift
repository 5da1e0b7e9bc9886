import Files
import Foundation
import Images
import TestFolders
import Testing

/// Import and export as a user runs them.
@Suite(.serialized) struct ImportExportTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  /// Grey pictures that do not compress.
  private func write(_ count: Int, size: Int = 24, into folder: String) throws {
    for number in 0..<count {
      let key = number &* 7919 &+ 13
      let bytes = (0..<size * size).map { UInt8(truncatingIfNeeded: ($0 &* $0 &+ key) &* 2_654_435_761 >> 7) }
      let kind = number % 2 == 0 ? "good" : "bad"
      try temporary.write(
        try Image(width: size, height: size, bytes: bytes).encoded(as: .png), "\(folder)/\(kind)/\(number).png")
    }
  }

  private func import_(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
    try PatinaProcess(["import"] + arguments).finish()
  }

  private var source: String { temporary["src"].path }
  private var destination: String { temporary["set"].path }

  @Test func autoThenExportThenAutoAgain() throws {
    try write(8, into: "src")
    let first = try import_("auto", source, "--to", destination)
    #expect(first.code == 0, "\(first.errors)")
    #expect(first.output.contains("8 images") && first.output.contains("Recognised as folders: 2 folders of images (--clean 'good')"))
    let again = try import_("auto", source, "--to", destination)
    #expect(again.code == 0 && again.output.hasPrefix("Up to date, nothing done: 8 images"))
    let export = try PatinaProcess.run("export", "coco", destination, temporary["coco"].path)
    #expect(export.code == 0 && export.output.contains("8 images with 4 labels"))
    #expect(export.output.contains("Warning: coco cannot hold, and so the export lacks: groups and provenance"))
    let back = try import_("auto", temporary["coco"].path, "--to", temporary["back"].path, "--json")
    let summary = try #require(try JSONSerialization.jsonObject(with: Data(back.output.utf8)) as? [String: Any])
    #expect(summary["format"] as? String == "coco" && summary["images"] as? Int == 8 && summary["clean"] as? Int == 4)
    #expect(summary["classes"] as? [String: Int] == ["good": 4, "bad": 4])
  }

  @Test(arguments: [
    ["import", "auto", "/nowhere", "--to", "/nowhere/x"], ["import", "yolo", "--to", "x"],
    ["import", "masks", "x", "--to", "y", "--category", "a", "--window", "9:3"], ["import", "masks", "x", "--to", "y"],
    ["import", "masks", "x", "--to", "y", "--category", "a", "--window", "0:70000"], ["import", "voc", "x", "--to", "y", "--box-origin", "2"],
    ["export", "coco", "/nowhere", "/nowhere/x"], ["export", "yolo", "x", "y", "--defect", "z"], ["export", "other", "x", "y"],
  ])
  func wrongUsageExitsWithTwo(arguments: [String]) throws {
    let result = try PatinaProcess(arguments).finish()
    #expect(result.code == 2 && !result.errors.isEmpty && result.output.isEmpty, "\(result)")
  }

  /// Runs the import with files limited to so many blocks of 512 bytes: what a full disk looks like to a program.
  private func importWithLimit(_ blocks: Int) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "trap '' XFSZ; ulimit -f \(blocks); exec \"$0\" import folders \"$1\" --to \"$2\" --replace",
      PatinaProcess.executable.path, source, destination,
    ]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(arguments: [0, 1, 4])
  func aFullDiskLeavesTheOldDataSet(blocks: Int) throws {
    try write(6, size: 60, into: "src")
    #expect(try import_("folders", source, "--to", destination).code == 0)
    let before = try Data(contentsOf: temporary["set/annotations.json"])
    try write(40, size: 60, into: "src")
    #expect(try importWithLimit(blocks) != 0)
    #expect(try Data(contentsOf: temporary["set/annotations.json"]) == before)
    #expect(try temporary.names() == ["set", "src"])
    #expect(try PatinaProcess.run("inspect", destination).code == 0)
  }

  @Test func aKillLeavesTheOldDataSetOrTheNew() throws {
    try write(300, size: 40, into: "src")
    var ends: Set<Int> = []
    for moment in 0..<10 {
      try? FileManager.default.removeItem(at: temporary["set"])
      if moment % 2 == 0 {
        try FileManager.default.createDirectory(at: temporary["set"], withIntermediateDirectories: true)
        try temporary.write("old", "set/old.txt")
      }
      let process = try PatinaProcess(["import", "folders", source, "--to", destination, "--replace"]).process
      Thread.sleep(forTimeInterval: Double(moment) * 0.12)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let isOld = FileManager.default.fileExists(atPath: temporary["set/old.txt"].path)
      let isNew = FileManager.default.fileExists(atPath: temporary["set/annotations.json"].path)
      let isThere = FileManager.default.fileExists(atPath: destination)
      #expect(isThere == (isOld || isNew), "half a data set")
      #expect(!(isOld && isNew))
      if isNew { #expect(try PatinaProcess.run("split", destination).code == 0) }
      ends.insert(isNew ? 2 : isOld ? 1 : 0)
    }
    // Whatever was left is cleared away by the next import.
    let last = try import_("folders", source, "--to", destination, "--replace")
    #expect(last.code == 0 && last.output.hasPrefix("300 images"))
    #expect(try temporary.names() == ["set", "src"])
    #expect(ends.count > 1, "no kill came in the middle")
  }
}
