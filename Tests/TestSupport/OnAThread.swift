import Foundation
import Torch

/// Gives what `body` gives on a thread of its own, whose operations have `threads` threads.
///
/// A failed expectation in there would belong to no test: return what is to be expected.
public func onAThread<Result>(with threads: Int, _ body: @escaping () throws -> Result) throws -> Result {
  let done = DispatchSemaphore(value: 0)
  // Nobody looks at either before the thread has ended.
  nonisolated(unsafe) var result: Swift.Result<Result, any Error>?
  nonisolated(unsafe) let body = body
  Thread.detachNewThread {
    result = Swift.Result {
      try Runtime.setThreadCount(threads)
      return try body()
    }
    done.signal()
  }
  done.wait()
  guard let result else { preconditionFailure("the thread has set it") }
  return try result.get()
}
