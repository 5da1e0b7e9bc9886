import Datasets
import Foundation
import Testing

struct PrefetcherTests {
  @Test func batchesComeInOrderAndFromTheFirstStepAsked() throws {
    let prefetcher = Prefetcher(steps: 5..<40, depth: 3) { step in
      usleep(UInt32((step * 7919) % 500))
      return step * step
    }
    for step in 5..<40 { #expect(try prefetcher.next() == step * step) }
  }

  @Test func anErrorArrivesWithItsStep() throws {
    struct Broken: Error, Equatable { let step: Int }
    let prefetcher = Prefetcher(steps: 0..<10) { step in
      if step == 2 { throw Broken(step: step) }
      return step
    }
    #expect(try prefetcher.next() == 0)
    #expect(try prefetcher.next() == 1)
    #expect(throws: Broken(step: 2)) { try prefetcher.next() }
    #expect(try prefetcher.next() == 3)
  }

  /// Memory stays flat: no more batches than `depth` are ever made ahead, and none after the prefetcher is gone.
  @Test func itNeverRunsFartherAheadThanAskedAndEndsWhenDropped() throws {
    final class Counter: @unchecked Sendable {
      private let lock = NSLock()
      private var count = 0
      func increment() { lock.withLock { count += 1 } }
      var value: Int { lock.withLock { count } }
    }
    let made = Counter()
    do {
      let prefetcher = Prefetcher(steps: 0..<1_000_000, depth: 4) { _ in made.increment() }
      for _ in 0..<10 { try prefetcher.next() }
      usleep(50_000)
      #expect(made.value <= 14)
    }
    let after = made.value
    usleep(50_000)
    #expect(made.value <= after + 1)
  }
}
