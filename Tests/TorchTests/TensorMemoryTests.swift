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

  @Test func freedBlocksServeAgainAndMerge() throws {
    let size = 8 << 20  // bytes: well above what other tests take meanwhile
    var most = 0
    for round in 0..<40 {
      // Many small blocks, then one as large as all of them: only merged ones hold it.
      let pieces = try (0..<64).map { _ in try Tensor.zeros([size / 64 / 4]) }
      _ = pieces
      let whole = try Tensor.zeros([size / 4])
      _ = whole
      if round == 5 { most = Runtime.tensorMemory().held }
    }
    try #require(most > 0, "no addresses to be had here")
    #expect(Runtime.tensorMemory().held < most + 20 * size)
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
