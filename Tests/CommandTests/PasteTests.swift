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
    let made = try run("paste", "@set", "--to", "@made", "--count", "7", "--class", "pit", "--scale", "0.9-1.1")
    #expect(made.code == 0 && made.output.contains("7 images in"), "\(made)")
    #expect(made.output.contains("by copy-paste 1 (poisson)") && made.output.contains("pit: 7, from "))
    let again = try run("paste", "@set", "--to", "@made", "--count", "7")
    #expect(again.code == 2)
    let json = try run("paste", "@set", "--to", "@made", "--count", "6", "--blend", "none", "--replace", "--json")
    #expect(json.code == 0 && json.output.contains(#""model" : "copy-paste 1 (none)""#), "\(json)")
    #expect(json.output.contains(#""scratch" : 2"#))
    #expect(try !temporary.names(in: "made/images").isEmpty)
    for wrong in [["--scale", "2-1"], ["--scale", "x"], ["--blend", "glue"], ["--count", "0"], ["--threads", "0"]] {
      let refused = try PatinaProcess(
        ["paste", temporary["set"].path, "--to", temporary["x"].path]
          + (wrong[0] == "--count" ? [] : ["--count", "1"]) + wrong
      ).finish()
      #expect(refused.code == 2, "\(wrong)")
    }
    let dent = try run("paste", "@set", "--to", "@x", "--count", "1", "--class", "dent")
    #expect(dent.code == 2 && dent.errors.contains("scratch, pit, inclusion"))
    let help = try run("paste", "--help")
    #expect(help.code == 0 && help.output.contains("patina paste tiles") && help.output.contains("0.7-1.4"))
  }
}
