import Foundation
import TestFolders
import Testing

/// `patina inspect` as a user runs it.
struct InspectTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func make(_ name: String) throws {
    let made = try PatinaProcess.run(
      "import", "rendered", "--to", temporary[name].path, "--count", "60", "--size", "32", "--defective-share", "0.5")
    try #require(made.code == 0, "\(made.errors)")
  }

  @Test func aSoundDataSetEndsWithZeroAndAPage() throws {
    try make("steel")
    let result = try PatinaProcess.run("inspect", temporary["steel"].path)
    #expect(result.code == 0, "\(result.output)")
    #expect(result.output.contains("60 images in 60 groups; 0 errors"))
    let page = try String(contentsOf: temporary["steel/inspection.html"], encoding: .utf8)
    #expect(page.contains("<img src=\"data:image/jpeg;base64,") && page.contains("Inspection of steel"))
    // The page is no part of the data set.
    #expect(try PatinaProcess.run("split", temporary["steel"].path).code == 0)
  }

  @Test func aLeakEndsWithOneUnlessNobodyAsks() throws {
    try make("steel")
    #expect(try PatinaProcess.run("split", temporary["steel"].path).code == 0)
    let images = temporary["steel/images"]
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: temporary["steel/splits.json"])) as? [String: Any])
    let splits = try #require(table["splits"] as? [String: [String]])
    let train = try #require(splits["train"]?.first), test = try #require(splits["test"]?.first)
    try Data(contentsOf: images.appendingPathComponent(train)).write(to: images.appendingPathComponent(test))
    let result = try PatinaProcess.run("inspect", temporary["steel"].path, "--no-page")
    #expect(result.code == 1)
    // What is serious is named before anything else.
    let lines = result.output.split(separator: "\n")
    #expect(lines[1].hasPrefix("ERROR: ") && result.output.contains("stands on two sides of the split"))
    #expect(!FileManager.default.fileExists(atPath: temporary["steel/inspection.html"].path))
    #expect(try PatinaProcess.run("inspect", temporary["steel"].path, "--no-page", "--fail-on", "never").code == 0)
  }

  @Test func theJSONHasAllAndNothingElse() throws {
    try make("steel")
    let result = try PatinaProcess.run(
      "inspect", temporary["steel"].path, "--json", "--fail-on", "never", "--page", temporary["page.html"].path)
    let record = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(record["images"] as? Int == 60 && record["version"] as? Int == 1)
    #expect((record["probes"] as? [[String: Any]])?.first?["kind"] as? String == "clean-defective")
    #expect(FileManager.default.fileExists(atPath: temporary["page.html"].path))
    #expect(!FileManager.default.fileExists(atPath: temporary["steel/inspection.html"].path))
  }
}
