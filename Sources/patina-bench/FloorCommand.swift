import ArgumentParser
import Foundation
import Torch

struct FloorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "floor", abstract: "What bounds a training step: its operations, and the machine's peak.",
    discussion: """
      Measures multiply-adds in registers and the copying of a large tensor, and counts
      the operations of a step. The floor is operations over the measured peak.

      Examples:
        patina-bench floor --pixels 64 --filters 32 --blocks 6 --batch 8
        patina-bench floor --pixels 128 --precision bf16
      """)

  @OptionGroup var network: NetworkOptions

  private struct Result: Encodable {
    let kernels: String
    let threads: Int
    /// Of the precision's products, per second.
    let peakOperationsPerSecond: Double
    /// Read and written, of a tensor far larger than any cache.
    let copiedBytesPerSecond: Double
    let directOperations: Double
    let winogradOperations: Double
    let directFloorSeconds: Double
    let winogradFloorSeconds: Double
  }

  func run() throws {
    try network.setThreads()
    let peak = try peakOperationsPerSecond()
    let operations = StepOperations(network.configuration())
    try Worker.write(
      Result(
        kernels: try Kernels.chosen().rawValue, threads: Runtime.threadCount, peakOperationsPerSecond: peak,
        copiedBytesPerSecond: try copiedBytesPerSecond(), directOperations: operations.direct,
        winogradOperations: operations.winograd, directFloorSeconds: operations.direct / peak,
        winogradFloorSeconds: operations.winograd / peak))
  }

  /// The best of several runs of some tens of milliseconds.
  private func peakOperationsPerSecond() throws -> Double {
    var best = 0.0
    for _ in 0..<8 {
      var operations = 0.0
      let elapsed = try ContinuousClock().measure {
        operations = try Kernels.multiplyAdds(rounds: 10_000_000, of: network.type)
      }
      best = max(best, operations / (elapsed / .seconds(1)))
    }
    return best
  }

  private func copiedBytesPerSecond() throws -> Double {
    let from = try Tensor.zeros([128 << 20])
    let to = try Tensor.zeros([128 << 20])
    var best = 0.0
    for _ in 0..<5 {
      let elapsed = try ContinuousClock().measure { try to.copy(from: from) }
      best = max(best, 2 * 4 * Double(from.count) / (elapsed / .seconds(1)))
    }
    return best
  }
}
