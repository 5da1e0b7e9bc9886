import Files
import Foundation
import Runs
import TestFolders
import Testing

struct RunFolderTests {
  struct Configuration: Codable, Equatable {
    var rate = 2e-4
    var crop = [256, 192]
    var name = "steel"
  }

  private let temporary: TemporaryFolder
  private var parent: URL { temporary.url }
  let record = RunRecord(
    kind: "translator", seed: .max, versions: ["patina": "0.1.0", "libtorch": "2.13.0"], configuration: Configuration())

  init() throws {
    temporary = try TemporaryFolder()
  }

  private func names(_ url: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }

  @Test func aNewRunHasEverythingInPlace() throws {
    let url = parent.appendingPathComponent("runs/first")
    let run = try RunFolder(creating: url, record: record)
    #expect(try names(url) == [".lock", "checkpoints", "events", "run.json", "samples"])
    #expect(try names(parent.appendingPathComponent("runs")) == ["first"])
    #expect(try run.readRecord(of: Configuration.self) == record)
    for place in [run.losses, run.log, run.events, run.samples, run.checkpoints, run.record] {
      #expect(place.path.hasPrefix(url.path + "/"))
    }
  }

  @Test func theSameRunGivesTheSameBytes() throws {
    let first = try RunFolder(creating: parent.appendingPathComponent("a"), record: record)
    let second = try RunFolder(creating: parent.appendingPathComponent("b"), record: record)
    let text = try String(contentsOf: first.record, encoding: .utf8)
    #expect(try String(contentsOf: second.record, encoding: .utf8) == text)
    #expect(text.contains("\"seed\" : 18446744073709551615"))
  }

  @Test func aRunIsNeverOverwritten() throws {
    let url = parent.appendingPathComponent("run")
    do { _ = try RunFolder(creating: url, record: record) }
    let before = try Data(contentsOf: url.appendingPathComponent("run.json"))
    #expect { try RunFolder(creating: url, record: record) } throws: {
      ($0 as? InputError)?.found == "a run"
    }
    #expect(try Data(contentsOf: url.appendingPathComponent("run.json")) == before)
    #expect(try names(parent) == ["run"])
  }

  @Test func otherFilesAreNotOverwrittenEither() throws {
    try AtomicFile.write("mine", to: parent.appendingPathComponent("thesis.txt"))
    #expect { try RunFolder(creating: parent, record: record) } throws: { ($0 as? InputError)?.found == "other files" }
    let file = parent.appendingPathComponent("thesis.txt")
    #expect(throws: InputError.self) { try RunFolder(creating: file, record: record) }
    #expect(try names(parent) == ["thesis.txt"])
  }

  @Test func anEmptyFolderMayBeUsed() throws {
    let url = parent.appendingPathComponent("empty")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    _ = try RunFolder(creating: url, record: record)
    #expect(try names(url).contains("run.json"))
    #expect(try names(parent) == ["empty"])
  }

  @Test func onlyOneWriterAtATime() throws {
    let url = parent.appendingPathComponent("run")
    do {
      let writer = try RunFolder(creating: url, record: record)
      #expect { try RunFolder(resuming: url) } throws: { ($0 as? InputError)?.found == "one in use" }
      #expect(try RunFolder(reading: url).readRecord().kind == "translator")
      _ = writer.url
      withExtendedLifetime(writer) {}
    }
    let second = try RunFolder(resuming: url)
    #expect(throws: InputError.self) { try RunFolder(resuming: url) }
    withExtendedLifetime(second) {}
  }

  @Test func resumingRestoresMissingFolders() throws {
    let url = parent.appendingPathComponent("run")
    do { _ = try RunFolder(creating: url, record: record) }
    try FileManager.default.removeItem(at: url.appendingPathComponent("samples"))
    _ = try RunFolder(resuming: url)
    #expect(try names(url).contains("samples"))
  }

  @Test func aPlaceWithoutARunIsRefused() throws {
    #expect { try RunFolder(reading: parent) } throws: { ($0 as? InputError)?.found == "no run.json in it" }
    let missing = parent.appendingPathComponent("none")
    #expect { try RunFolder(resuming: missing) } throws: { ($0 as? InputError)?.found == "nothing" }
    #expect(!FileManager.default.fileExists(atPath: missing.path))
  }

  @Test func aReaderNeedsNoType() throws {
    let run = try RunFolder(creating: parent.appendingPathComponent("run"), record: record)
    let read: RunRecord<JSONValue> = try run.readRecord()
    #expect(read.seed == .max)
    #expect(
      read.configuration
        == .object(["rate": .number(2e-4), "crop": .array([.integer(256), .integer(192)]), "name": .string("steel")]))
    #expect(throws: InputError.self) { try run.readRecord(of: [String: Int].self) }
  }

  @Test func anyJSONValueSurvives() throws {
    let text = #"{"a":[null,true,false,1,-2.5,"x",{}],"b":9007199254740993}"#
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    #expect(
      value
        == .object([
          "a": .array([
            .null, .boolean(true), .boolean(false), .integer(1), .number(-2.5), .string("x"), .object([:]),
          ]),
          "b": .integer(9_007_199_254_740_993),
        ]))
    #expect(try JSONDecoder().decode(JSONValue.self, from: JSONFile.encode(value)) == value)
  }

  @Test func theLogKeepsWhatWasThere() throws {
    let url = parent.appendingPathComponent("log.txt")
    try LogFile(appendingTo: url).append("first")
    let log = try LogFile(appendingTo: url)
    try log.append("second\nwith a line end\r\nand another")
    #expect(try String(contentsOf: url, encoding: .utf8) == "first\nsecond with a line end and another\n")
  }
}
