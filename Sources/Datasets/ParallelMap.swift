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
