import Foundation
import Testing

struct CommandLineTests {
  @Test func modelsAreCountedNotLookedUp() throws {
    let result = try PatinaProcess.run("models", "--json")
    #expect(result.code == 0)
    let entries = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    func count(_ name: String, _ channels: Int) -> Int? {
      entries.first { $0["name"] as? String == name && $0["channels"] as? Int == channels }?["parameters"] as? Int
    }
    #expect(count("resnet_9blocks", 3) == 11_378_179)
    #expect(count("resnet_9blocks", 1) == 11_365_633)
    #expect(count("resnet_6blocks", 3) == 7_837_699)
    #expect(count("resnet_6blocks", 1) == 7_825_153)
    #expect(count("patchgan_70", 3) == 2_764_737)
    #expect(count("patchgan_70", 1) == 2_762_689)
  }

  @Test func infoNamesVersionsThreadsAndDevices() throws {
    let result = try PatinaProcess.run("info", "--json")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(report["libtorchBuilt"] as? String == report["libtorchLoaded"] as? String)
    #expect((report["threads"] as? Int ?? 0) >= 1)
    #expect(["amx", "avx512bf16", "avx512", "avx2", "libtorch"].contains(report["kernels"] as? String))
    #expect((report["devices"] as? [String])?.contains("cpu") == true)
  }

  @Test(arguments: [
    [], ["info"], ["models"], ["import"], ["export"], ["split"], ["inspect"], ["crop"], ["train"],
    ["train", "cyclegan"], ["train", "cut"], ["train", "classifier"], ["train", "segmenter"], ["test"], ["subset"],
    ["synthesize"], ["translate"], ["paste"], ["evaluate"], ["study"], ["report"], ["doctor"],
  ])
  func everyCommandHelpsWithAnExample(command: [String]) throws {
    let result = try PatinaProcess(command + ["--help"]).finish()
    #expect(result.code == 0)
    // Before the line that ArgumentParser makes of its own.
    let own = result.output.components(separatedBy: "USAGE:")[0]
    #expect(own.contains("  patina \(command.first ?? "import")"), "no example in: \(own)")
  }

  @Test(arguments: [
    ["nonsense"], ["train", "cyclegan"], ["train", "cyclegan", "--run", "x"], ["info", "--nonsense"],
    ["train", "cyclegan", "--a", "/nowhere", "--b", "/nowhere", "--run", "/nowhere/run"],
    ["train", "cyclegan", "--a", "x", "--b", "x", "--run", "x", "--size", "9223372036854775804"],
    ["train", "cyclegan", "--run", "x", "--resume", "--steps", "9"],
    ["study", "x.yaml", "--out", "x", "--threads", "0"],
    ["synthesize", "/nowhere", "/nowhere", "--to", "/nowhere/x", "--count", "1"],
    ["study", "/nowhere.yaml", "--out", "/nowhere/x"], ["report", "/nowhere"], ["inspect", "/nowhere"],
    ["crop", "/nowhere", "--to", "/nowhere/x"], ["crop", "x", "--to", "y", "--tile", "64", "--per-defect", "1"],
    ["crop", "x", "--to", "y", "--per-defect", "1", "--clean-ratio", "2"],
    ["crop", "x", "--to", "y", "--overlap", "2"],
    ["crop", "x", "--to", "y", "--window", "7"], ["split", "/nowhere"],
    ["split", "x", "--keep-test", "--replace-test"],
    ["split", "x", "--test", "0.5"],
  ])
  func wrongUsageAndBadInputExitWithTwo(arguments: [String]) throws {
    let result = try PatinaProcess(arguments).finish()
    #expect(result.code == 2, "\(result.errors)")
    #expect(!result.errors.isEmpty)
    #expect(result.output.isEmpty)
  }
}
