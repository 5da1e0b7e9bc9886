import ArgumentParser
import Torch

/// Says what this program was built against, what it runs on, and whether CUDA can be had.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "devices")

  func run() throws {
    var result: [String: any Sendable] = [
      "built": Runtime.builtVersion, "running": try Runtime.runningVersion(), "cpu": Runtime.cpuCapability,
    ]
    do {
      result["cuda"] = try Device.cudaCount()
    } catch {
      result["cuda"] = 0
      result["reason"] = error.description
    }
    try DeviceBench.answer(result)
  }
}
