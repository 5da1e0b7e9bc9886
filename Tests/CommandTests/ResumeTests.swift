import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing

/// A run that is killed at any moment and resumed ends with the same bytes as one that never stopped.
@Suite(.serialized)
struct ResumeTests {
  private let place: TemporaryFolder
  private var folder: URL { place.url }

  init() throws {
    let place = try TemporaryFolder()
    self.place = place
    let folder = place.url
    for (domain, brightness) in [("a", 60), ("b", 160)] {
      let place = folder.appendingPathComponent(domain)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for index in 0..<(domain == "a" ? 5 : 3) {
        var generator = SeededGenerator(seed: UInt64(brightness), purpose: "image", index)
        let bytes = (0..<40 * 44).map { _ in UInt8(brightness + generator.int(below: 60)) }
        try Image(width: 40, height: 44, bytes: bytes).encoded(as: .png)
          .write(to: place.appendingPathComponent("\(index).png"))
      }
    }
  }

  private func arguments(_ run: String) -> [String] {
    [
      "train", "cyclegan", "--a", folder.appendingPathComponent("a").path, "--b",
      folder.appendingPathComponent("b").path,
      "--run", folder.appendingPathComponent(run).path, "--size", "32", "--filters", "4", "--discriminator-filters",
      "4",
      "--blocks", "1", "--batch", "2", "--steps", "80", "--pool", "4", "--checkpoint-every", "7", "--sample-every",
      "20",
      "--threads", "1", "--seed", "5",
    ]
  }

  private func resume(_ run: String) -> [String] {
    ["train", "cyclegan", "--run", folder.appendingPathComponent(run).path, "--resume"]
  }

  private func bytes(_ run: String, _ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(run).appendingPathComponent(name))
  }

  private func rows(_ run: String) -> Int {
    let text = try? String(
      contentsOf: folder.appendingPathComponent(run).appendingPathComponent("losses.csv"), encoding: .utf8)
    return max(0, (text ?? "").split(separator: "\n").count - 1)
  }

  /// Starts the program and sends it a signal as soon as it has logged `count` steps; false when it ended before.
  private func interrupt(_ arguments: [String], _ run: String, afterSteps count: Int, signal: Int32) throws -> Int32 {
    let program = try PatinaProcess(arguments)
    let limit = Date(timeIntervalSinceNow: 120)
    while program.process.isRunning, rows(run) < count, Date() < limit { usleep(500) }
    kill(program.process.processIdentifier, signal)
    return try program.finish().code
  }

  /// Ctrl-C's signal; where this process was started to ignore it (as in the background of a script), its children are too,
  /// and `kill`'s signal, which is treated alike, stands in.
  private var stopSignal: Int32 {
    var action = sigaction()
    sigaction(SIGINT, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1 ? SIGTERM : SIGINT
  }

  @Test func killedThreeTimesItEndsWithTheSameBytes() throws {
    let whole = try PatinaProcess(arguments("whole")).finish()
    #expect(whole.code == 0, "\(whole.errors)")

    // Before the first checkpoint (step 7), between two, and right after one.
    #expect(try interrupt(arguments("killed"), "killed", afterSteps: 3, signal: SIGKILL) == SIGKILL)
    #expect(try interrupt(resume("killed"), "killed", afterSteps: 18, signal: SIGKILL) == SIGKILL)
    #expect(try interrupt(resume("killed"), "killed", afterSteps: 28, signal: SIGKILL) == SIGKILL)
    #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("killed/weights.safetensors").path))
    let last = try PatinaProcess(resume("killed")).finish()
    #expect(last.code == 0, "\(last.errors)")

    #expect(try bytes("killed", "weights.safetensors") == bytes("whole", "weights.safetensors"))
    #expect(try bytes("killed", "losses.csv") == bytes("whole", "losses.csv"))
    #expect(
      try bytes("killed", "checkpoints/step-00000080.safetensors")
        == bytes("whole", "checkpoints/step-00000080.safetensors"))
    #expect(try bytes("killed", "samples/step-00000080.png") == bytes("whole", "samples/step-00000080.png"))
  }

  @Test func controlCSavesAndStopsAndTheRunGoesOn() throws {
    let whole = try PatinaProcess(arguments("whole")).finish()
    #expect(whole.code == 0, "\(whole.errors)")
    #expect(try interrupt(arguments("stopped"), "stopped", afterSteps: 10, signal: stopSignal) == 1)
    let logged = rows("stopped")
    #expect(logged >= 10 && logged < 80)
    // Saved at the very step where it stopped, so nothing is computed twice.
    let name = "checkpoints/step-000000\(logged).safetensors"
    #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("stopped/\(name)").path))
    let rest = try PatinaProcess(resume("stopped")).finish()
    #expect(rest.code == 0)
    #expect(rest.errors.contains("resuming after step \(logged)"))
    #expect(try bytes("stopped", "weights.safetensors") == bytes("whole", "weights.safetensors"))
  }

  @Test(arguments: [["--device", "gpu"], ["--device", "cuda:99"], ["--channels", "2"], ["--learning-rate", "-1"]])
  func aRunThatCannotStartLeavesNoFolder(extra: [String]) throws {
    let result = try PatinaProcess(arguments("failed") + extra).finish()
    #expect(result.code == 2, "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("failed").path))
  }

  @Test func anotherSeedGivesOtherBytes() throws {
    // So that the comparisons above can fail.
    #expect(try PatinaProcess(arguments("whole")).finish().code == 0)
    #expect(try PatinaProcess(arguments("other").map { $0 == "5" ? "6" : $0 }).finish().code == 0)
    #expect(try bytes("whole", "weights.safetensors") != bytes("other", "weights.safetensors"))
  }

  @Test func aRunIsNeverOverwrittenAndChangedImagesAreRefused() throws {
    #expect(try interrupt(arguments("run"), "run", afterSteps: 8, signal: stopSignal) == 1)
    let again = try PatinaProcess(arguments("run")).finish()
    #expect(again.code == 2)
    #expect(again.errors.contains("Resume it"))
    try FileManager.default.removeItem(at: folder.appendingPathComponent("b/1.png"))
    let changed = try PatinaProcess(resume("run")).finish()
    #expect(changed.code == 2)
    #expect(changed.errors.contains("training images"))
  }
}
