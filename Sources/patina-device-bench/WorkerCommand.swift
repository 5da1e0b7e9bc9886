import ArgumentParser
import Foundation
import Models
import Torch
import Training

/// Does as many steps or generations as each line of standard input says, and answers how long they took.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "worker")

  enum Task: String, ExpressibleByArgument { case step, generation }

  @OptionGroup var settings: StepSettings
  @Option var task = Task.step

  func run() throws {
    let trainer = try settings.trainer()
    let device = try Device(settings.device)
    try DeviceBench.answer(["ready": true])
    while let line = readLine() {
      guard let count = Int(line), count > 0 else {
        throw ValidationError("a line is a number of rounds, not '\(line)'")
      }
      let (seconds, issued) = try task == .step ? steps(count, trainer, device) : generations(count, trainer, device)
      try DeviceBench.answer(["seconds": seconds, "issued": issued])
    }
  }

  /// Seconds to the end, and until the last step was handed to the device.
  private func steps(_ count: Int, _ trainer: CycleGANTrainer, _ device: Device) throws -> (Double, Double) {
    let (clean, defect) = (try settings.pixels(seed: 1), try settings.pixels(seed: 2))
    let start = ContinuousClock.now
    var unread: [PendingLosses<CycleGANLosses>] = []
    var issued = ContinuousClock.now - start
    for step in 1...count {
      unread.append(
        try trainer.train(clean: clean.tensor(on: device), defect: defect.tensor(on: device), rateFactor: 1))
      issued = ContinuousClock.now - start
      guard unread.count == 20 || step == count else { continue }
      for losses in unread { _ = try losses.read() }
      unread = []
    }
    return ((ContinuousClock.now - start) / .seconds(1), issued / .seconds(1))
  }

  private func generations(_ count: Int, _ trainer: CycleGANTrainer, _ device: Device) throws -> (Double, Double) {
    let pixels = try settings.pixels(seed: 1)
    let type: DataType = settings.precision == .bfloat16 ? .bfloat16 : .float32
    let start = ContinuousClock.now
    var last: Tensor?
    try withoutGradients {
      try withAutocast(type, on: device) {
        for _ in 0..<count { last = try trainer.model.cleanToDefect(pixels.tensor(on: device)) }
      }
    }
    let issued = ContinuousClock.now - start
    _ = try last?.sum().item()
    return ((ContinuousClock.now - start) / .seconds(1), issued / .seconds(1))
  }
}
