import Files
import Foundation
import Layers
import Testing
import Torch

struct StateTests {
  private func network(_ seed: UInt64) throws -> Sequential {
    let generator = try Generator(seed: seed)
    return Sequential(
      try Conv2d(2, 3, kernel: 3, generator: generator), try BatchNorm2d(3), Flatten(),
      try Linear(3, 2, generator: generator))
  }

  private func bytes(_ module: some Module) throws -> [String: [UInt8]] {
    try module.stateDictionary().mapValues { try $0.bytes() }
  }

  @Test func survivesAFile() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let saved = try network(1)
    _ = try saved(.ones([1, 2, 3, 3]))
    try Safetensors.write(saved.stateDictionary(), to: url)
    let other = try network(2)
    #expect(try bytes(other) != bytes(saved))
    let report = try other.load(Safetensors(contentsOf: url).tensors(), from: url.path)
    #expect(report.isComplete && report.loaded.count == 9)
    #expect(try bytes(other) == bytes(saved))
  }

  @Test func aStateThatDoesNotFitIsListedAndChangesNothing() throws {
    let module = try network(1)
    let before = try bytes(module)
    var state = try network(2).stateDictionary()
    state["0.bias"] = nil
    state["9.weight"] = try .zeros([1])
    state["3.weight"] = try .zeros([3, 2])
    let error = #expect(throws: InputError.self) { try module.load(state, from: "model.safetensors") }
    let message = try #require(error?.description)
    for part in ["model.safetensors", "1 missing: 0.bias", "1 unexpected: 9.weight", "3.weight ([3, 2] for [2, 3])"] {
      #expect(message.contains(part))
    }
    #expect(try bytes(module) == before)
  }

  @Test func withoutStrictnessWhatFitsIsLoaded() throws {
    let module = try network(1)
    let other = try network(2)
    let before = try bytes(module)
    var state = try other.stateDictionary()
    state["0.bias"] = nil
    state["9.weight"] = try .zeros([1])
    state["3.weight"] = try .zeros([3, 2])
    let report = try module.load(state, strict: false)
    #expect(report.missing == ["0.bias"])
    #expect(report.unexpected == ["9.weight"])
    #expect(report.mismatched.map(\.name) == ["3.weight"])
    #expect(report.mismatched.first?.expected == [2, 3] && report.mismatched.first?.found == [3, 2])
    #expect(report.loaded.count == 7 && !report.isComplete)
    let after = try bytes(module)
    let given = try bytes(other)
    #expect(after["0.bias"] == before["0.bias"] && after["3.weight"] == before["3.weight"])
    #expect(after["0.weight"] == given["0.weight"] && after["3.bias"] == given["3.bias"])
  }

  @Test func typesAreConvertedAndLeavesStayLeaves() throws {
    let layer = try Linear(2, 2, bias: false, generator: Generator(seed: 1))
    try layer.load(["weight": Tensor([1, 2, 3, 4] as [Double], shape: [2, 2])])
    #expect(layer.weight.tensor.type == .float32)
    #expect(try layer.weight.tensor.floats() == [1, 2, 3, 4])
    try layer(.ones([1, 2])).sum().backward()
    #expect(try layer.weight.tensor.gradient() != nil)
  }

  @Test func theStateShowsTheModuleItself() throws {
    let layer = try Linear(2, 2, generator: Generator(seed: 1))
    let state = try layer.stateDictionary()
    try Initializer.constant(7).fill(layer.weight.tensor, generator: Generator(seed: 1))
    #expect(try #require(state["weight"]).floats() == [7, 7, 7, 7])
    #expect(state["weight"]?.requiresGradient == false)
  }
}
