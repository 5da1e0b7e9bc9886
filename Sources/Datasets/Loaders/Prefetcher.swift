import Foundation

/// Prepares the batches of coming steps on threads of its own while the current one is computed.
///
/// The order and content of batches do not depend on timing, nor on the number of threads: each is a function of its step.
/// An error is thrown at the step it belongs to; the steps after it go on.
public final class Prefetcher<Batch: Sendable>: Sendable {
  private let queue: BatchQueue<Batch>

  /// - Parameters:
  ///   - steps: the steps that will be asked for, in order.
  ///   - threads: how many batches are made at once; by default as many as there are cores.
  ///   - depth: how many batches may wait or be in the making; memory grows with it. By default one more than threads, at
  ///     least 3.
  public init(
    steps: Range<Int>, threads: Int = ProcessInfo.processInfo.activeProcessorCount, depth: Int? = nil,
    make: @escaping @Sendable (Int) throws -> Batch
  ) {
    precondition(threads > 0, "batches need a thread that makes them")
    let depth = depth ?? max(3, threads + 1)
    let workers = min(threads, depth, max(1, steps.count))
    // The threads hold the queue and not the prefetcher: so dropping the prefetcher ends them.
    let queue = BatchQueue<Batch>(steps: steps, depth: depth, workers: workers)
    self.queue = queue
    for index in 0..<workers {
      let thread = Thread {
        while let step = queue.claim() { queue.put(Result { try make(step) }, step) }
        queue.leave()
      }
      thread.name = "loading \(index)"
      thread.start()
    }
  }

  /// Waits for batches in the making, so that nothing is touched afterwards; no others are begun.
  deinit { queue.stop() }

  /// The batch of the next step; waits until it is there.
  ///
  /// - Throws: what `make` threw for this step.
  public func next() throws -> Batch { try queue.take() }
}

/// What the threads and the prefetcher share; everything mutable is touched under `condition` only.
private final class BatchQueue<Batch: Sendable>: @unchecked Sendable {
  private let end: Int
  private let depth: Int
  private let condition = NSCondition()
  private var ready: [Int: Result<Batch, any Error>] = [:]
  private var wanted: Int
  private var unclaimed: Int
  private var workers: Int
  private var isStopped = false

  init(steps: Range<Int>, depth: Int, workers: Int) {
    self.depth = depth
    self.workers = workers
    wanted = steps.lowerBound
    unclaimed = steps.lowerBound
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

  /// The next step that no thread has taken on, once there is room for it; nil when there is none left or nobody wants
  /// batches any more.
  func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopped, unclaimed < end, unclaimed >= wanted + depth { condition.wait() }
    guard !isStopped, unclaimed < end else { return nil }
    defer { unclaimed += 1 }
    return unclaimed
  }

  func put(_ batch: Result<Batch, any Error>, _ step: Int) {
    condition.lock()
    defer { condition.unlock() }
    ready[step] = batch
    condition.broadcast()
  }

  /// A thread's last word.
  func leave() {
    condition.lock()
    defer { condition.unlock() }
    workers -= 1
    condition.broadcast()
  }

  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    condition.broadcast()
    while workers > 0 { condition.wait() }
  }
}
