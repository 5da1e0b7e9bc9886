import Foundation

/// Prepares the batches of coming steps on a thread of its own while the current one is computed.
///
/// The order and content of batches do not depend on timing: each is a function of its step.
public final class Prefetcher<Batch: Sendable>: Sendable {
  private let queue: BatchQueue<Batch>

  /// - Parameters:
  ///   - steps: the steps that will be asked for, in order.
  ///   - depth: how many batches may wait; memory grows with it.
  public init(steps: Range<Int>, depth: Int = 3, make: @escaping @Sendable (Int) throws -> Batch) {
    // The thread holds the queue and not the prefetcher: so dropping the prefetcher ends the thread.
    let queue = BatchQueue<Batch>(steps: steps, depth: depth)
    self.queue = queue
    let thread = Thread {
      for step in steps {
        guard queue.waitForRoom(step) else { return }
        queue.put(Result { try make(step) }, step)
      }
    }
    thread.name = "loading"
    thread.start()
  }

  deinit { queue.stop() }

  /// The batch of the next step; waits until it is there.
  public func next() throws -> Batch { try queue.take() }
}

/// What the thread and the prefetcher share; everything mutable is touched under `condition` only.
private final class BatchQueue<Batch: Sendable>: @unchecked Sendable {
  private let end: Int
  private let depth: Int
  private let condition = NSCondition()
  private var ready: [Int: Result<Batch, any Error>] = [:]
  private var wanted: Int
  private var isStopped = false

  init(steps: Range<Int>, depth: Int) {
    self.depth = depth
    wanted = steps.lowerBound
    end = steps.upperBound
  }

  func take() throws -> Batch {
    condition.lock()
    defer { condition.unlock() }
    precondition(wanted < end, "no step \(wanted): the prefetcher was made for steps below \(end)")
    while true {
      if let batch = ready.removeValue(forKey: wanted) {
        wanted += 1
        condition.broadcast()
        return try batch.get()
      }
      condition.wait()
    }
  }

  /// False once nobody wants batches any more.
  func waitForRoom(_ step: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while !isStopped, step >= wanted + depth { condition.wait() }
    return !isStopped
  }

  func put(_ batch: Result<Batch, any Error>, _ step: Int) {
    condition.lock()
    defer { condition.unlock() }
    ready[step] = batch
    condition.broadcast()
  }

  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    condition.broadcast()
  }
}
