import Foundation
import Images
import TestFolders
import Testing

/// `crop` and `split` as a user runs them, on a small folder of pictures.
struct CropSplitTests {
  @Test func cutsAndSplitsAndSaysWhatItDid() throws {
    let temporary = try TemporaryFolder()
    for key in 0..<24 {
      let bytes = (0..<48 * 32).map { (index: Int) -> UInt8 in UInt8(60 + (index * (2 * key + 3) + key * 11) % 150) }
      let image = Image(width: 48, height: 32, bytes: bytes)
      try temporary.write(try image.encoded(as: .png), "raw/\(key % 3 == 0 ? "bad" : "good")/part\(key / 2)_\(key).png")
    }
    func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
      try PatinaProcess(
        arguments.map { $0.hasPrefix("@") ? temporary[String($0.dropFirst())].path : $0 }
      ).finish()
    }
    #expect(try run("import", "folders", "@raw", "--clean", "good", "--to", "@set").code == 0)
    let split = try run("split", "@set", "--group-pattern", "/(part[0-9]+)_", "--test", "0.25", "--validation", "0.15")
    #expect(split.code == 0 && split.output.contains("12 groups, joined by pattern"), "\(split)")
    #expect(split.output.contains("frozen from now on"))
    let other = try run("split", "@set", "--seed", "1")
    #expect(other.code == 2 && other.errors.contains("--keep-test") && other.errors.contains("--replace-test"))
    let kept = try run("split", "@set", "--seed", "1", "--keep-test", "--json")
    #expect(kept.code == 0 && kept.output.contains(#""test" : "kept""#))
    let tiles = try run("crop", "@set", "--to", "@tiles", "--tile", "16", "--overlap", "4")
    // Labels of whole images do not say where the defect is.
    #expect(tiles.code == 0 && tiles.output.contains("8 images have a label but no mask"), "\(tiles)")
    #expect(tiles.output.contains("192 windows of 16 × 16"))
    let again = try run("crop", "@set", "--to", "@tiles", "--tile", "16", "--overlap", "4", "--json")
    #expect(again.code == 0 && again.output.contains(#""wasDone" : true"#))
    let changed = try run("crop", "@set", "--to", "@tiles", "--tile", "16")
    #expect(changed.code == 2 && !changed.errors.isEmpty)
  }
}
