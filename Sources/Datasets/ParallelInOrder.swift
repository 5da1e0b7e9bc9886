import Dispatch
import Foundation

/// Computes `count` values on a few threads and hands them on in order, one after another, while later ones are computed.
///
/// At most `atOnce` values are computed and not yet taken. What `take` sees does not depend on the number of threads; it is
/// called from any of them, one call at a time.
/// - Parameter progress: called after every `atOnce` values, and after the last, with how many were taken.
/// - Throws: what `take` throws; nothing is taken after that.
package func parallelInOrder<Value: Sendable>(
  count: Int, atOnce: Int = 64, threads: Int = 2, _ body: @Sendable (Int) -> Value,
  take: (Int, Value) throws -> Void, progress: (Int) -> Void = { _ in }
) throws {
  func handOn(_ index: Int, _ value: Value) throws {
    try take(index, value)
    if (index + 1).isMultiple(of: atOnce) || index + 1 == count { progress(index + 1) }
  }
  guard threads > 1, count > 1 else {
    for index in 0..<count { try handOn(index, body(index)) }
    return
  }
  try withoutActuallyEscaping(handOn) { handOn in
    let line = Line<Value>(count: count, limit: atOnce, take: handOn)
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while let index = line.nextIndex() { line.put(body(index), at: index) }
    }
    if let failure = line.failure { throw failure }
  }
}

/// Values on their way from those who compute them to the one who takes them.
///
/// Unchecked: the condition guards everything that changes, and `take` is called by whoever set `isTaking`, so by one at a time.
private final class Line<Value: Sendable>: @unchecked Sendable {
  private let count: Int
  private let limit: Int
  private let take: (Int, Value) throws -> Void
  /// Guards everything below; signalled when a value was taken or taking failed.
  private let condition = NSCondition()
  private var next = 0
  private var taken = 0
  private var isTaking = false
  private var waiting: [Int: Value] = [:]
  private(set) var failure: (any Error)?

  init(count: Int, limit: Int, take: @escaping (Int, Value) throws -> Void) {
    self.count = count
    self.limit = limit
    self.take = take
  }

  /// The next value to compute, once there is room for it; nil when none is left.
  func nextIndex() -> Int? {
    condition.withLock {
      while failure == nil, next < count, next - taken >= limit { condition.wait() }
      guard failure == nil, next < count else { return nil }
      next += 1
      return next - 1
    }
  }

  /// Takes all values whose turn it is, unless another thread does so already and will find this one.
  func put(_ value: Value, at index: Int) {
    condition.lock()
    defer { condition.unlock() }
    waiting[index] = value
    guard !isTaking else { return }
    isTaking = true
    while failure == nil, let value = waiting.removeValue(forKey: taken) {
      let index = taken
      condition.unlock()
      let result = Result { try take(index, value) }
      condition.lock()
      if case .failure(let error) = result { failure = error }
      taken += 1
      condition.broadcast()
    }
    isTaking = false
  }
}
