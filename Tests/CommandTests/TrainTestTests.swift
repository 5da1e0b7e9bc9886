import Foundation
import TestFolders
import Testing

/// `train classifier`, `train segmenter` and `test` as a user runs them.
struct TrainTestTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    #expect(try run("import", "rendered", "--to", "@set", "--count", "60", "--defective-share", "0.5").code == 0)
    #expect(try run("split", "@set").code == 0)
  }

  private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
    try PatinaProcess(
      arguments.map { $0.hasPrefix("@") ? temporary[String($0.dropFirst())].path : $0 }
    ).finish()
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func aSegmenterIsTrainedAndTested() throws {
    let trained = try run(
      "train", "segmenter", "--dataset", "@set", "--size", "32", "--depth", "2", "--width", "4", "--steps", "6",
      "--batch", "4", "--classes", "pit,scratch", "--run", "@run", "--threads", "1", "--precision", "bf16")
    #expect(
      trained.code == 0 && trained.errors.contains("validation split") && trained.errors.contains("Dice"), "\(trained)")
    #expect(
      try temporary.names(in: "run").filter { !$0.hasPrefix(".") } == [
        "checkpoints", "events", "images.json", "log.txt", "losses.csv", "run.json", "samples", "validation.json",
        "weights.safetensors",
      ])
    let record = try json(String(contentsOf: temporary["run/run.json"], encoding: .utf8))
    let source = try #require((record["configuration"] as? [String: Any])?["source"] as? [String: Any])
    #expect((source["classNames"] as? [String])?.dropFirst() == ["pit", "scratch"])
    let tested = try run("test", "@run", "--dataset", "@set", "--predictions", "@pictures")
    #expect(tested.code == 0 && tested.output.contains("pixel AP") && tested.output.contains("test split"), "\(tested)")
    let answer = try json(run("test", "@run", "--dataset", "@set", "--json").output)
    let figures = try #require(answer["figures"] as? [String: Any])
    let pictures = try FileManager.default.subpathsOfDirectory(atPath: temporary["pictures"].path)
      .filter { $0.hasSuffix(".png") }
    #expect(figures["images"] as? Int == pictures.count && !pictures.isEmpty, "\(pictures)")
    #expect((figures["defects"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["pit", "scratch"])
    #expect(answer["kind"] as? String == "segmenter" && (answer["model"] as? String)?.count == 64)
    let again = try run("train", "segmenter", "--run", "@run", "--resume")
    #expect(again.code == 0, "a finished run only says so: \(again)")
    #expect(try run("train", "classifier", "--run", "@run", "--resume").code == 2)
    let learned = try run("test", "@run", "--dataset", "@set", "--split", "train")
    #expect(learned.code == 2 && learned.errors.contains("learned"), "\(learned)")
    #expect(try run("synthesize", "@run", "@set", "--to", "@x", "--count", "1").code == 2)
  }

  @Test func aClassifierIsTrainedOnTwoSetsAndTested() throws {
    #expect(
      try run("paste", "@set", "--to", "@made", "--count", "6", "--class", "pit", "--gates", "none").code == 0)
    let trained = try run(
      "train", "classifier", "--dataset", "@set", "--dataset", "@made", "--size", "32", "--width", "4", "--steps", "5",
      "--batch", "8", "--oversample", "--augment", "--run", "@run", "--threads", "1")
    #expect(trained.code == 0 && trained.errors.contains("validation split"), "\(trained)")
    let tested = try run("test", "@run", "--dataset", "@set")
    #expect(tested.code == 0 && tested.output.contains("thresholds from the validation split"), "\(tested)")
    try FileManager.default.removeItem(at: temporary["run/validation.json"])
    let plain = try run("test", "@run", "--dataset", "@set")
    #expect(plain.code == 0 && plain.output.contains("thresholds 0.5"))
    #expect(try run("test", "@run", "--dataset", "@set", "--predictions", "@pictures").code == 2)
    #expect(try run("test", "@run", "--dataset", "@made").code == 2)
    #expect(try run("test", "@set", "--dataset", "@set").code == 2)
  }

  @Test(arguments: [
    ["train", "classifier", "--run", "@x"], ["train", "segmenter", "--run", "@x"],
    ["train", "segmenter", "--dataset", "@set", "--run", "@x", "--resume"],
    ["train", "segmenter", "--dataset", "@set", "--run", "@x", "--size", "8"],
    ["train", "segmenter", "--dataset", "@set", "--run", "@x", "--classes", "dent"],
    ["train", "segmenter", "--dataset", "@set", "--run", "@x", "--defect-share", "2"],
    ["train", "classifier", "--dataset", "@set", "--run", "@x", "--classes", ""],
    ["train", "classifier", "--dataset", "@set", "--run", "@x", "--batch", "1"],
    ["train", "classifier", "--dataset", "@nowhere", "--run", "@x"],
  ])
  func wrongUsageExitsWithTwoAndLeavesNothing(arguments: [String]) throws {
    let result = try PatinaProcess(
      arguments.map { $0.hasPrefix("@") ? temporary[String($0.dropFirst())].path : $0 }
    ).finish()
    #expect(result.code == 2 && !result.errors.isEmpty, "\(result)")
    #expect(try !temporary.names().contains("x"))
  }

  @Test(arguments: [["train", "classifier"], ["train", "segmenter"], ["test"]])
  func helpFitsATerminal(command: [String]) throws {
    let help = try PatinaProcess(command + ["--help"]).finish()
    #expect(help.code == 0 && help.output.contains("  patina \(command.joined(separator: " ")) "))
    // But for the line that ArgumentParser writes in one.
    for line in help.output.split(separator: "\n") where !line.hasPrefix("USAGE:") {
      #expect(line.count <= 80, "\(line)")
    }
  }
}
