import Foundation
import TestSupport
import Testing

@testable import Torch

struct SideBySideTests {
  private struct Failed: Error, Equatable { let which: Int }

  /// The thread that runs this, and the threads that its operations have.
  private func place() -> (thread: pthread_t, threads: Int) { (pthread_self(), Runtime.threadCount) }

  @Test func eachHasOneOfTwoThreads() throws {
    let (first, second, after) = try onAThread(with: 2) {
      let (first, second) = sideBySide(place, place)
      return (first, second, Runtime.threadCount)
    }
    #expect(first.thread != second.thread)
    #expect(first.threads == 1 && second.threads == 1)
    #expect(after == 2, "the caller's operations have both again")
  }

  @Test(arguments: [1, 3]) func withAnotherNumberTheyHaveAllInTurn(threads: Int) throws {
    let (first, second) = try onAThread(with: threads) { sideBySide(place, place) }
    #expect(first.thread == second.thread)
    #expect(first.threads == threads && second.threads == threads)
  }

  /// libtorch gives a thread the number that was set last anywhere, when the thread first asks.
  @Test func aThreadKeepsItsNumberWhileOthersSetTheirs() throws {
    for _ in 0..<20 {
      let threads = try onAThread(with: 1) {
        try onAThread(with: 3) {}
        return Runtime.threadCount
      }
      #expect(threads == 1)
    }
  }

  @Test func theCallersModesHold() throws {
    let (recorded, unrecorded, half, after) = try onAThread(with: 2) {
      let x = try Tensor.ones([2, 2])
      try x.setRequiresGradient(true)
      func product() throws -> Tensor { try x.matmul(x) }
      return (
        try sideBySide(product, product), try withoutGradients { try sideBySide(product, product) },
        try withAutocast(.bfloat16, on: .cpu) { try sideBySide(product, product) }, try sideBySide(product, product)
      )
    }
    #expect(recorded.0.requiresGradient && recorded.1.requiresGradient)
    #expect(!unrecorded.0.requiresGradient && !unrecorded.1.requiresGradient)
    #expect(half.0.type == .bfloat16 && half.1.type == .bfloat16)
    // The other thread is left as it was.
    #expect(after.1.requiresGradient && after.1.type == .float32)
  }

  @Test func errorsComeOutOfEither() throws {
    func failing(_ which: Int) throws -> Int { throw Failed(which: which) }
    func failure(_ first: @escaping () throws -> Int, _ second: @escaping () throws -> Int) throws -> Failed? {
      try onAThread(with: 2) {
        do {
          _ = try sideBySide(first, second)
          return nil
        } catch { return error as? Failed }
      }
    }
    #expect(try failure({ try failing(1) }, { 2 }) == Failed(which: 1))
    #expect(try failure({ 1 }, { try failing(2) }) == Failed(which: 2))
    #expect(try failure({ try failing(1) }, { try failing(2) }) == Failed(which: 1))
    #expect(try failure({ 1 }, { 2 }) == nil)
  }

  /// Inside another there is no thread left.
  @Test func nestedRunsInTurn() throws {
    let (first, second) = try onAThread(with: 2) {
      sideBySide({ sideBySide(place, place) }, { sideBySide(place, place) })
    }
    #expect(first.0.thread == first.1.thread && second.0.thread == second.1.thread)
    #expect(first.0.thread != second.0.thread)
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
        return try weights.map { try $0.gradient()?.floats() ?? [] }
      }
    }
    let expected = try gradients(threads: 1)
    #expect(!expected[0].isEmpty && expected[0] != expected[1])
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
