import Testing
import Torch

/// The process's own memory for tensors. It serves whole processes, other tests' tensors among them, so nothing here
/// counts bytes exactly.
struct TensorMemoryTests {
  init() { Runtime.keepFreedMemory() }

  @Test func blocksNeverOverlapWhateverTheOrder() throws {
    var numbers = SystemRandomNumberGenerator()
    var held: [(tensor: Tensor, value: Double)] = []
    for round in 0..<400 {
      if held.count > 30 || (!held.isEmpty && Int.random(in: 0..<3, using: &numbers) == 0) {
        let index = Int.random(in: 0..<held.count, using: &numbers)
        let (tensor, value) = held.remove(at: index)
        #expect(try tensor.min().item() == value && tensor.max().item() == value)
      } else {
        // Around and above the size from which on blocks are the arena's.
        let count = Int.random(in: 1000..<200_000, using: &numbers)
        held.append((try Tensor.full([count], Double(round)), Double(round)))
      }
    }
    for (tensor, value) in held { #expect(try tensor.min().item() == value && tensor.max().item() == value) }
  }

  /// Half as many pieces twice as large fit where the last ones were, if these merge in whatever order they are freed.
  @Test func freedBlocksMerge() throws {
    let size = 256 << 20  // bytes: well above what other tests take meanwhile
    let before = Runtime.tensorMemory().held
    var kept: [Tensor] = []
    for (level, count) in [64, 32, 16, 8, 4].enumerated() {
      var pieces = try (0...count).map { _ in try Tensor.zeros([size / count / 4]) }
      kept.append(pieces.removeLast())  // so that they are not the last of all, which need no merging
      while !pieces.isEmpty { _ = level.isMultiple(of: 2) ? pieces.removeFirst() : pieces.removeLast() }
    }
    let held = Runtime.tensorMemory().held
    try #require(held > 0, "no addresses to be had here")
    // Once all pieces, and the half of it that is kept; the rest is for other tests. Were only every second level's blocks to
    // merge, it would be three times all pieces and more.
    #expect(held < before + size / 2 * 5)
  }

  @Test func aTensorTooLargeForTheMachineIsAnError() {
    #expect(throws: TorchError.self) { try Tensor.zeros([1 << 50]) }
  }

  @Test func threadsTakeAndFreeAtOnce() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask {
          for round in 0..<100 {
            let value = Double(task * 1000 + round)
            let first = try Tensor.full([30_000 + 1000 * task], value)
            let second = try Tensor.full([20_000], value + 0.5)
            #expect(try first.min().item() == value && second.max().item() == value + 0.5)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
