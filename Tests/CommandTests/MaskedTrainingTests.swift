import Foundation
import TestFolders
import Testing

/// `train cyclegan --masks` as a user runs it.
struct MaskedTrainingTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    try #require(run("import", "rendered", "--to", "@set", "--count", "60", "--defective-share", "0.5").code == 0)
    try #require(run("split", "@set").code == 0)
  }

  private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
    try run(arguments)
  }

  private func run(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
    try PatinaProcess(arguments.map { $0.hasPrefix("@") ? temporary[String($0.dropFirst())].path : $0 }).finish()
  }

  private func train(_ name: String, _ options: String...) throws -> [String: Any] {
    let trained = try run(
      [
        "train", "cyclegan", "--run", "@\(name)", "--dataset", "@set", "--clean", "clean", "--defect", "pit", "--masks",
        "real", "--size", "32", "--filters", "4", "--blocks", "1", "--discriminator-filters", "4", "--steps", "2",
        "--threads", "1",
      ] + options)
    try #require(trained.code == 0, "\(trained)")
    let record = try JSONSerialization.jsonObject(
      with: Data(contentsOf: temporary[name].appendingPathComponent("run.json")))
    return try #require((record as? [String: Any])?["configuration"] as? [String: Any])
  }

  @Test func masksBringTheirOwnDefaults() throws {
    let found = try train("run")
    #expect(found["residual"] as? Bool == true && found["upsampling"] as? String == "resize")
    #expect(found["discriminatorHalvings"] as? Int == 1)
    let loss = try #require(found["loss"] as? [String: Double])
    #expect(loss == ["cleanCycle": 0.2, "defectCycle": 0.1, "identity": 0.5])
    let published = try train(
      "published", "--no-residual", "--discriminator-layers", "3", "--cycle", "10", "--upsampling", "transposed")
    #expect(published["residual"] as? Bool == false && published["upsampling"] as? String == "transposed")
    #expect(published["discriminatorHalvings"] as? Int == 3)
    #expect(published["loss"] as? [String: Double] == ["cleanCycle": 10, "defectCycle": 10, "identity": 0.5])
    // Weights of generators that give whole images mean something else to ones that give changes.
    let mixed = try run(
      "train", "cyclegan", "--run", "@mixed", "--dataset", "@set", "--clean", "clean", "--defect", "pit", "--masks",
      "real", "--size", "32", "--filters", "4", "--blocks", "1", "--discriminator-filters", "4", "--steps", "2",
      "--upsampling", "transposed", "--discriminator-layers", "3", "--from", "@published")
    #expect(mixed.code == 2 && mixed.errors.contains("residual"), "\(mixed)")
  }

  @Test func aDiscriminatorJudgesWhatIsMadeAndWhatIsPasted() throws {
    _ = try train("run")
    let made = try run(
      "synthesize", "@run", "@set", "--to", "@made", "--count", "8", "--discriminator", "@run", "--gates", "change",
      "--json")
    #expect([0, 2].contains(made.code), "\(made)")
    let pasted = try run(
      "paste", "@set", "--to", "@pasted", "--count", "12", "--class", "pit", "--discriminator", "@run", "--json")
    #expect([0, 2].contains(pasted.code), "\(pasted)")
    var figures = 0
    for name in ["made", "made.refused", "pasted", "pasted.refused"] {
      let file = temporary[name].appendingPathComponent("provenance.json")
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      figures += text.components(separatedBy: "\"discriminator\" : ").count - 1
    }
    #expect(figures == 20)
    let nobody = try run("paste", "@set", "--to", "@x", "--count", "2", "--gates", "discriminator")
    #expect(nobody.code == 2 && nobody.errors.contains("--discriminator"), "\(nobody)")
  }
}
