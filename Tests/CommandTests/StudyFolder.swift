import Foundation
import TestFolders
import Testing

/// Rendered steel, split, and a study file of a rehearsal of seconds.
struct StudyFolder {
  private let place: TemporaryFolder
  var folder: URL { place.url }

  init() throws {
    let place = try TemporaryFolder()
    self.place = place
    let folder = place.url
    let set = folder.appendingPathComponent("steel").path
    let made = try PatinaProcess.run(
      "import", "rendered", "--to", set, "--count", "120", "--size", "32", "--defective-share", "0.5", "--seed", "3")
    #expect(made.code == 0, "\(made.errors)")
    let split = try PatinaProcess.run("split", set)
    #expect(split.code == 0, "\(split.errors)")
    try """
    name: rehearsal
    dataset: \(set)
    clean: clean
    defects: [scratch, pit]
    size: 32
    seeds: 2
    quick: true
    classifier: {width: 4, steps: 6, batch: 8}
    translator: {steps: 4, batch: 2, filters: 4, discriminator-filters: 4, blocks: 1}
    synthetic: {count: 5}
    bootstrap: {replicates: 200}
    """.write(to: folder.appendingPathComponent("study.yaml"), atomically: true, encoding: .utf8)
  }

  func arguments(_ out: String) -> [String] {
    [
      "study", folder.appendingPathComponent("study.yaml").path, "--out", folder.appendingPathComponent(out).path,
      "--threads", "1",
    ]
  }

  func cells(_ out: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("\(out)/cells").path)
    return (names ?? []).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
  }

  /// Results without what may differ between two runs of the same study: durations, and the folder in the command.
  func results(_ out: String) throws -> [Substring] {
    try String(contentsOf: folder.appendingPathComponent("\(out)/results.json"), encoding: .utf8)
      .replacingOccurrences(of: "/\(out)", with: "/OUT").split(separator: "\n")
      .filter { !$0.contains("\"seconds\"") }
  }
}
