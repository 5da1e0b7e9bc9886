import Dispatch
import Synchronization

/// Computes `count` values on a few threads; the result does not depend on how many, nor on who finishes first.
package func parallelMap<Value: Sendable>(
  count: Int, threads: Int = 2, _ body: @Sendable (Int) -> Value
) -> [Value] {
  guard threads > 1, count > 1 else { return (0..<count).map(body) }
  let results = Mutex<[Value?]>(Array(repeating: nil, count: count))
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let value = body(index)
      results.withLock { $0[index] = value }
    }
  }
  return results.withLock { $0.compactMap { $0 } }
}

/// The same for more values than should be held at once: `take` gets them in order, `atOnce` after each other.
///
/// - Parameter progress: called after each portion with how many values were taken.
package func parallelPortions<Value: Sendable>(
  count: Int, atOnce: Int = 64, threads: Int = 2, _ body: @Sendable (Int) -> Value,
  take: (Int, Value) throws -> Void, progress: (Int) -> Void = { _ in }
) rethrows {
  for start in stride(from: 0, to: count, by: atOnce) {
    let portion = parallelMap(count: min(atOnce, count - start), threads: threads) { body(start + $0) }
    for (place, value) in portion.enumerated() { try take(start + place, value) }
    progress(start + portion.count)
  }
}
