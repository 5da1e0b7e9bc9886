import Files
import Foundation
import TestFolders
import Testing
import Torch
import Training

struct CheckpointFolderTests {
  @Test func keepsTheLastTwoAndIgnoresWhatIsBeingWritten() throws {
    let place = try TemporaryFolder()
    let folder = CheckpointFolder(place.url)
    #expect(try folder.latest() == nil)
    for step in [5, 10, 15] {
      var checkpoint = Checkpoint(step: step, tensors: ["x": try Tensor([Float(step)])])
      try checkpoint.encode(["seed": step], "state")
      try folder.write(checkpoint)
    }
    #expect(try folder.steps() == [10, 15])
    try Data("half".utf8).write(to: place.url.appendingPathComponent(".step-00000020.safetensors.123.part"))
    let latest = try #require(try folder.latest())
    #expect(latest.step == 15)
    #expect(try latest.tensors["x"]?.floats() == [15])
    #expect(try latest.decode([String: Int].self, "state") == ["seed": 15])
    #expect(throws: InputError.self) { try latest.decode(Int.self, "missing") }
  }

  @Test func aFileThatIsNoCheckpointIsRefused() throws {
    let place = try TemporaryFolder()
    let file = place.url.appendingPathComponent("step-00000001.safetensors")
    try Safetensors.write(["x": Tensor([1] as [Float])], to: file)
    #expect(throws: InputError.self) { try CheckpointFolder(place.url).latest() }
    try Data("half".utf8).write(to: file)
    #expect(throws: InputError.self) { try CheckpointFolder(place.url).latest() }
  }
}
