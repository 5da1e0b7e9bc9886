import Dispatch
import Synchronization
import Testing

@testable import Datasets

struct ParallelInOrderTests {
  struct Refused: Error {}

  @Test(arguments: [1, 2, 3, 8]) func handsOnInOrder(threads: Int) throws {
    var taken: [Int] = []
    var told: [Int] = []
    try parallelInOrder(count: 1000, atOnce: 7, threads: threads) { index in
      index * index
    } take: { index, value in
      #expect(index == taken.count)
      taken.append(value)
    } progress: {
      told.append($0)
    }
    #expect(taken == (0..<1000).map { $0 * $0 })
    #expect(told == Array(stride(from: 7, through: 994, by: 7)) + [1000])
  }

  @Test func computesWhileAnotherIsTaken() throws {
    // The first is held back until the third was computed, so this ends well only where both go on at once.
    let third = DispatchSemaphore(value: 0)
    var cameInTime = false
    try parallelInOrder(count: 3, atOnce: 3, threads: 2) { index in
      if index == 2 { third.signal() }
      return index
    } take: { index, _ in
      if index == 0 { cameInTime = third.wait(timeout: .now() + 60) == .success }
    }
    #expect(cameInTime)
  }

  @Test func holdsNoMoreThanAllowed() throws {
    let waiting = Atomic<Int>(0), most = Atomic<Int>(0)
    try parallelInOrder(count: 300, atOnce: 4, threads: 8) { _ in
      most.max(waiting.wrappingAdd(1, ordering: .relaxed).newValue, ordering: .relaxed)
    } take: { _, _ in
      waiting.wrappingSubtract(1, ordering: .relaxed)
    }
    #expect((1...4).contains(most.load(ordering: .relaxed)))
  }

  @Test(arguments: [1, 2, 8]) func stopsAtTheFirstRefusal(threads: Int) {
    var taken: [Int] = []
    #expect(throws: Refused.self) {
      try parallelInOrder(count: 10_000, threads: threads) {
        $0
      } take: { index, _ in
        if index == 20 { throw Refused() }
        taken.append(index)
      }
    }
    #expect(taken == Array(0..<20))
  }

  @Test func nothingIsNothing() throws {
    try parallelInOrder(count: 0) {
      $0
    } take: { _, _ in
      Issue.record("there is none")
    }
  }
}
