import Foundation
import Images
import Randomness
import TestFolders
import Testing

/// `evaluate` as a user runs it.
struct EvaluateTests {
  static let weights = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["PATINA_DATA"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared/data").path
  ).appendingPathComponent("weights/inception_v3_2015_768.safetensors")

  /// Six pictures of noise each; two of the synthetic ones are pictures of the other folder.
  private static func pictures(in temporary: TemporaryFolder) throws {
    for (folder, seed) in [("real", 1), ("synthetic", 2)] {
      var random = SeededGenerator(seed: UInt64(seed), purpose: "pictures")
      for number in 0..<6 {
        let bytes = (0..<32 * 32).map { _ in UInt8(random.int(below: 256)) }
        try temporary.write(Image(width: 32, height: 32, bytes: bytes).encoded(as: .png), "\(folder)/\(number).png")
      }
    }
    for number in 0..<2 {
      try temporary.write(Data(contentsOf: temporary["real/\(number).png"]), "synthetic/\(number).png")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: weights.path), "needs Inception's weights"))
  func comparesTwoFolders() throws {
    let temporary = try TemporaryFolder()
    try Self.pictures(in: temporary)
    let result = try PatinaProcess([
      "evaluate", temporary["real"].path, temporary["synthetic"].path, "--features", Self.weights.path, "--json",
      "--html", temporary["page.html"].path,
    ]).finish()
    #expect(result.code == 0, "\(result.errors)")
    struct Answer: Decodable {
      struct Pair: Decodable {
        var synthetic: String
        var real: String
        var distance: Double
      }
      var fid: Double
      var nearest: [Pair]
    }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(result.output.utf8))
    #expect(answer.fid > 0 && answer.nearest.count == 6)
    #expect(answer.nearest.prefix(2).allSatisfy { $0.synthetic == $0.real && $0.distance < 1e-4 })
    #expect(answer.nearest[2].distance > 1e-2)
    let page = try String(contentsOf: temporary["page.html"], encoding: .utf8)
    #expect(page.contains("FID \(String(format: "%.2f", answer.fid))") && page.contains("every image resized"))
    // Six samples of each side, and three pictures of each of six nearest and six best pairs.
    #expect(page.components(separatedBy: "<img src=\"data:image/jpeg;base64,").count - 1 == 48)
    #expect(page.contains("None: there are too few images."))
  }

  @Test func saysWhatIsMissing() throws {
    let temporary = try TemporaryFolder()
    try Self.pictures(in: temporary)
    let result = try PatinaProcess([
      "evaluate", temporary["real"].path, temporary["synthetic"].path, "--features", temporary["none"].path,
    ]).finish()
    #expect(result.code == 2 && result.errors.contains("expected a readable safetensors file"))
  }
}
