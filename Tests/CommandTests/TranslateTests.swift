import Files
import Foundation
import Images
import TestFolders
import Testing

/// `translate`, and `synthesize` of a run without masks, as a user runs them.
struct TranslateTests {
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
    #expect(
      try run("import", "rendered", "--to", "@set", "--count", "60", "--size", "48", "--defective-share", "0.5").code
        == 0)
    #expect(try run("split", "@set").code == 0)
    let trained = try run(
      "train", "cyclegan", "--dataset", "@set", "--clean", "clean", "--defect", "pit", "--native", "--size", "32",
      "--filters", "4", "--discriminator-filters", "4", "--blocks", "1", "--steps", "2", "--run", "@run", "--threads",
      "1")
    #expect(trained.code == 0, "\(trained)")
  }

  private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
    try PatinaProcess(arguments.map { $0.hasPrefix("@") ? temporary[String($0.dropFirst())].path : $0 }).finish()
  }

  @Test func imagesOfAnySizeAreTranslated() throws {
    try temporary.write(Image(width: 75, height: 130, filledWith: 80).encoded(as: .png), "in/a/strip.png")
    try temporary.write(Image(width: 9, height: 5, channels: 3, filledWith: 80).encoded(as: .jpeg), "in/small.jpg")
    let made = try run("translate", "@run", "@in", "--to", "@out", "--tile", "16")
    #expect(made.code == 0 && made.output.contains("2 images in"), "\(made)")
    let strip = try Image(contentsOf: temporary["out/a/strip.png"])
    #expect((strip.width, strip.height) == (75, 130))
    #expect(try Image(contentsOf: temporary["out/small.png"]).width == 9)
    let again = try run("translate", "@run", "@in", "--to", "@out")
    #expect(again.code == 2 && again.errors.contains("--replace"), "\(again)")
    let whole = try run(
      "translate", "@run", "@in", "--to", "@out", "--replace", "--tile", "whole", "--direction", "defect-to-clean",
      "--json")
    #expect(whole.code == 0 && whole.output.contains(#""direction" : "defect-to-clean""#), "\(whole)")
    #expect(try Image(contentsOf: temporary["out/a/strip.png"]) != strip)
    try temporary.write("none", "in/broken.png")
    let broken = try run("translate", "@run", "@in", "--to", "@out2")
    #expect(broken.code == 1 && broken.errors.contains("broken.png") && broken.output.contains("1 could not be read"))
    #expect(try temporary.names(in: "out2") == ["a", "small.png"])
    for wrong in [["--tile", "6"], ["--tile", "-4"], ["--tile", "x"], ["--direction", "up"], ["--threads", "0"]] {
      let refused = try PatinaProcess(
        ["translate", temporary["run"].path, temporary["in"].path, "--to", temporary["x"].path] + wrong
      ).finish()
      #expect(refused.code == 2, "\(wrong)")
    }
    #expect(try run("translate", "@set", "@in", "--to", "@x").code == 2)
    #expect(try run("translate", "@run", "@nowhere", "--to", "@x").code == 2)
  }

  @Test func labelsAreMasksOrWholeImages() throws {
    let images = try run("synthesize", "@run", "@set", "--to", "@images", "--count", "4", "--labels", "image", "--json")
    #expect(images.code == 0 && !images.output.contains("quality"), "\(images)")
    let masks = try run(
      "synthesize", "@run", "@set", "--to", "@masks", "--count", "4", "--mask-quality", "0", "--whole")
    #expect(masks.code == 0 && masks.output.contains("of 4 made, 4 kept and 0 refused for their masks"), "\(masks)")
    let table = try String(contentsOf: temporary["masks/provenance.json"], encoding: .utf8)
    #expect(table.contains("mask_quality"))
    let file = try #require(try temporary.names(in: "masks/images").first)
    #expect(try Image(contentsOf: temporary["masks/images/\(file)"]).width == 48)
    let strict = try run("synthesize", "@run", "@set", "--to", "@strict", "--count", "2", "--mask-quality", "1")
    #expect(strict.code == 2 && strict.errors.contains("strict.refused"), "\(strict)")
    for wrong in [["--mask-quality", "2"], ["--labels", "image", "--mask-quality", "0.3"], ["--tile", "64"]] {
      let refused = try PatinaProcess(
        ["synthesize", temporary["run"].path, temporary["set"].path, "--to", temporary["x"].path, "--count", "1"]
          + wrong
      ).finish()
      #expect(refused.code == 2, "\(wrong)")
    }
    let many = try run("synthesize", "@run", "@set", "--to", "@x", "--count", "900", "--whole")
    #expect(many.code == 2 && many.errors.contains("whole images"), "\(many)")
  }
}
