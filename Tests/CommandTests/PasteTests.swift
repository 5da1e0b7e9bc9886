import Foundation
import TestFolders
import Testing

/// `paste` as a user runs it.
struct PasteTests {
  @Test func pastesAndSaysWhatItDid() throws {
    let temporary = try TemporaryFolder()
    func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
      try PatinaProcess(
        arguments.map { $0.hasPrefix("@") ? temporary[String($0.dropFirst())].path : $0 }
      ).finish()
    }
    #expect(try run("import", "rendered", "--to", "@set", "--count", "60", "--defective-share", "0.5").code == 0)
    let unsplit = try run("paste", "@set", "--to", "@made", "--count", "4")
    #expect(unsplit.code == 2 && unsplit.errors.contains("patina split"), "\(unsplit)")
    #expect(try run("split", "@set").code == 0)
    let made = try run(
      "paste", "@set", "--to", "@made", "--count", "7", "--class", "pit", "--scale", "0.9-1.1", "--gates", "none")
    #expect(made.code == 0 && made.output.contains("7 images in"), "\(made)")
    #expect(made.output.contains("by copy-paste 1 (poisson)") && made.output.contains("pit: 7, from "))
    let again = try run("paste", "@set", "--to", "@made", "--count", "7")
    #expect(again.code == 2)
    let json = try run(
      "paste", "@set", "--to", "@made", "--count", "6", "--blend", "none", "--replace", "--json", "--gates", "none")
    #expect(json.code == 0 && json.output.contains(#""model" : "copy-paste 1 (none)""#), "\(json)")
    #expect(json.output.contains(#""scratch" : 2"#))
    #expect(try !temporary.names(in: "made/images").isEmpty)
    for wrong in [
      ["--scale", "2-1"], ["--scale", "x"], ["--blend", "glue"], ["--count", "0"], ["--threads", "0"],
      ["--gates", "x"],
      ["--keep", "0"], ["--keep", "1.5"], ["--gates", "seam,"],
    ] {
      let refused = try PatinaProcess(
        ["paste", temporary["set"].path, "--to", temporary["x"].path]
          + (wrong[0] == "--count" ? [] : ["--count", "1"]) + wrong
      ).finish()
      #expect(refused.code == 2, "\(wrong)")
    }
    let dent = try run("paste", "@set", "--to", "@x", "--count", "1", "--class", "dent")
    #expect(dent.code == 2 && dent.errors.contains("scratch, pit, inclusion"))
    let help = try run("paste", "--help")
    #expect(help.code == 0 && help.output.contains("patina paste tiles") && help.output.contains("0.8-1.25"))
    #expect(help.output.contains("--gates <gates>") && help.output.contains("OUT.refused"))
  }

  @Test func gatesCountWhatTheyRefuse() throws {
    let temporary = try TemporaryFolder()
    func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
      try PatinaProcess(
        arguments.map { $0.hasPrefix("@") ? temporary[String($0.dropFirst())].path : $0 }
      ).finish()
    }
    #expect(try run("import", "rendered", "--to", "@set", "--count", "60", "--defective-share", "0.5").code == 0)
    #expect(try run("split", "@set").code == 0)
    let half = try run("paste", "@set", "--to", "@made", "--count", "10", "--gates", "change", "--json")
    #expect(half.code == 0 && half.output.contains(#""kept" : 10"#) && half.output.contains(#""made" : 10"#), "\(half)")
    #expect(try !temporary.names().contains("made.refused"))
    let kept = try run(
      "paste", "@set", "--to", "@made", "--count", "10", "--gates", "change,agreement", "--keep", "0.5", "--replace")
    #expect(kept.code == 0 && kept.output.contains("of 10 made, gates kept "), "\(kept)")
    #expect(kept.output.contains("keep ") && kept.output.contains("diversity ") && kept.output.contains("made.refused"))
    #expect(try temporary.names().contains("made.refused"))
    let useless = try run("paste", "@set", "--to", "@x", "--count", "2", "--gates", "none", "--keep", "0.5")
    #expect(useless.code == 2)
    let copies = try run("paste", "@set", "--to", "@x", "--count", "2", "--gates", "change", "--keep", "0.5")
    #expect(copies.code == 2 && copies.errors.contains("a gate besides change"), "\(copies)")
  }
}
