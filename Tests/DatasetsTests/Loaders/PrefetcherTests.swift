import Datasets
import Foundation
import Testing

struct PrefetcherTests {
  @Test(arguments: [1, 2, 7])
  func batchesComeInOrderAndFromTheFirstStepAsked(threads: Int) throws {
    let prefetcher = Prefetcher(steps: 5..<60, threads: threads) { step in
      usleep(UInt32((step * 7919) % 500))
      return step * step
    }
    for step in 5..<60 { #expect(try prefetcher.next() == step * step) }
  }

  @Test(arguments: [1, 4])
  func anErrorArrivesWithItsStep(threads: Int) throws {
    struct Broken: Error, Equatable { let step: Int }
    let prefetcher = Prefetcher(steps: 0..<10, threads: threads) { step in
      if step % 3 == 2 { throw Broken(step: step) }
      usleep(2000)  // errors are there first, and wait for their turn
      return step
    }
    for step in 0..<10 {
      if step % 3 == 2 {
        #expect(throws: Broken(step: step)) { try prefetcher.next() }
      } else {
        #expect(try prefetcher.next() == step)
      }
    }
  }

  /// Each batch waits until as many are in the making as there are threads.
  @Test func batchesAreMadeAtOnce() throws {
    let making = Counter()
    let prefetcher = Prefetcher(steps: 0..<3, threads: 3) { _ in
      making.increment()
      for _ in 0..<5000 where making.value < 3 { usleep(1000) }
      return making.value
    }
    for _ in 0..<3 { #expect(try prefetcher.next() == 3) }
  }

  /// Memory stays flat: no more batches than `depth` are ever made ahead, and none after the prefetcher is gone.
  @Test(arguments: [1, 3, 8])
  func itNeverRunsFartherAheadThanAskedAndEndsWhenDropped(threads: Int) throws {
    let made = Counter()
    do {
      let prefetcher = Prefetcher(steps: 0..<1_000_000, threads: threads, depth: 4) { _ in
        usleep(100)
        made.increment()
      }
      for _ in 0..<10 { try prefetcher.next() }
      for _ in 0..<5000 where made.value < 14 { usleep(1000) }
      usleep(50_000)
      #expect(made.value == 14)
      for _ in 0..<4 { try prefetcher.next() }
    }
    let after = made.value
    usleep(50_000)
    #expect(made.value == after)
  }

  @Test func droppingWaitsForBatchesInTheMaking() {
    let begun = Counter()
    let ended = Counter()
    do {
      let prefetcher = Prefetcher(steps: 0..<100, threads: 2) { _ in
        begun.increment()
        usleep(20_000)
        ended.increment()
      }
      while begun.value < 2 { usleep(100) }
      withExtendedLifetime(prefetcher) {}
    }
    #expect(begun.value == ended.value)
  }

  @Test func noStepsAreNoWork() { _ = Prefetcher(steps: 3..<3, threads: 2) { $0 } }
}

private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0
  func increment() { lock.withLock { count += 1 } }
  var value: Int { lock.withLock { count } }
}
