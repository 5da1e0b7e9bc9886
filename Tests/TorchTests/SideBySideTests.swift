import Foundation
import Testing

@testable import Torch

struct SideBySideTests {
  /// Gives what `body` gives on a thread of its own, whose operations have `threads` threads.
  private func onAThread<Result>(with threads: Int, _ body: @escaping () throws -> Result) throws -> Result {
    let done = DispatchSemaphore(value: 0)
    var result: Swift.Result<Result, any Error>?
    withUnsafeMutablePointer(to: &result) { result in
      // The thread ends before this function does, so what it is lent stays.
      nonisolated(unsafe) let (body, result) = (body, result)
      Thread.detachNewThread {
        result.pointee = Swift.Result {
          try Runtime.setThreadCount(threads)
          return try body()
        }
        done.signal()
      }
      done.wait()
    }
    return try #require(result).get()
  }

  @Test func eachHasOneOfTwoThreads() throws {
    let (threads, counts, after) = try onAThread(with: 2) {
      let (first, second) = sideBySide(
        { (pthread_self(), Runtime.threadCount) }, { (pthread_self(), Runtime.threadCount) })
      return ([first.0, second.0], [first.1, second.1], Runtime.threadCount)
    }
    #expect(threads[0] != threads[1])
    #expect(counts == [1, 1])
    #expect(after == 2, "the caller's operations have both again")
  }

  @Test(arguments: [1, 3]) func withAnotherNumberTheyHaveAllInTurn(threads: Int) throws {
    let (same, counts) = try onAThread(with: threads) {
      let (first, second) = sideBySide(
        { (pthread_self(), Runtime.threadCount) }, { (pthread_self(), Runtime.threadCount) })
      return (first.0 == second.0, [first.1, second.1])
    }
    #expect(same)
    #expect(counts == [threads, threads])
  }

  @Test func theCallersModesHold() throws {
    try onAThread(with: 2) {
      let x = try Tensor.ones([2, 2])
      try x.setRequiresGradient(true)
      func product() throws -> Tensor { try x.matmul(x) }

      let recorded = try sideBySide(product, product)
      #expect(recorded.0.requiresGradient && recorded.1.requiresGradient)
      let unrecorded = try withoutGradients { try sideBySide(product, product) }
      #expect(!unrecorded.0.requiresGradient && !unrecorded.1.requiresGradient)
      let half = try withAutocast(.bfloat16, on: .cpu) { try sideBySide(product, product) }
      #expect(half.0.type == .bfloat16 && half.1.type == .bfloat16)
      // The pool's thread is left as it was.
      let after = try sideBySide(product, product)
      #expect(after.1.requiresGradient && after.1.type == .float32)
    }
  }

  @Test func errorsComeOutOfEither() throws {
    struct Failed: Error, Equatable { let which: Int }
    try onAThread(with: 2) {
      #expect(throws: Failed(which: 1)) { try sideBySide({ throw Failed(which: 1) }, { 2 }) }
      #expect(throws: Failed(which: 2)) { try sideBySide({ 1 }, { throw Failed(which: 2) }) }
      #expect(throws: Failed(which: 1)) { try sideBySide({ throw Failed(which: 1) }, { throw Failed(which: 2) }) }
      // Inside another there is no thread left.
      let nested = sideBySide({ sideBySide({ 1 }, { 2 }) }, { sideBySide({ 3 }, { 4 }) })
      #expect(nested.0 == (1, 2) && nested.1 == (3, 4))
    }
  }

  /// The gradients of two products at once are those of one thread, to the byte, however often it is tried.
  @Test func gradientsAreThoseOfOneThread() throws {
    func gradients(threads: Int) throws -> [[Float]] {
      try onAThread(with: threads) {
        let generator = try Generator(seed: 5)
        let weights = try (0..<2).map { _ in try Tensor.normal([64, 64], generator: generator) }
        for weight in weights { try weight.setRequiresGradient(true) }
        let x = try Tensor.normal([256, 64], generator: generator)
        func loss(_ weight: Tensor) throws -> Tensor { try x.matmul(weight).tanh().matmul(weight).squared().mean() }
        let losses = try sideBySide({ try loss(weights[0]) }, { try loss(weights[1]) })
        _ = try sideBySide({ try losses.0.backward() }, { try losses.1.backward() })
        return try weights.map { try #require(try $0.gradient()).floats() }
      }
    }
    let expected = try gradients(threads: 1)
    #expect(expected[0] != expected[1])
    for _ in 0..<20 { #expect(try gradients(threads: 2) == expected) }
  }

  @Test func severalRootsAddUp() throws {
    let x = try Tensor([2, 3] as [Float])
    try x.setRequiresGradient(true)
    let square = try x.squared()
    try Tensor.backward([(square, Tensor([1, 10] as [Float])), (square.sum(), nil)])
    #expect(try #require(try x.gradient()).floats() == [8, 66])  // 2x · (cotangent + 1)
  }
}
