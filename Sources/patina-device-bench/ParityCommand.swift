import ArgumentParser
import Foundation
import Layers
import Torch
import Training

/// One step from fixed weights on a fixed batch; all that is needed to repeat and to judge it goes into one file.
struct ParityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "parity")

  @OptionGroup var settings: StepSettings
  @Option(
    name: .customLong("to"),
    help: "A safetensors file: clean, defect, before.NAME, gradient.NAME, after.NAME, losses [8].")
  var target: String

  func run() throws {
    let trainer = try settings.trainer()
    let device = try Device(settings.device)
    let (clean, defect) = (try settings.pixels(seed: 1), try settings.pixels(seed: 2))
    var tensors = ["clean": try clean.tensor(), "defect": try defect.tensor()]
    let parameters = try trainer.model.namedParameters()
    for (name, parameter) in parameters { tensors["before.\(name)"] = try parameter.tensor.detached().cloned() }
    let losses = try trainer.train(clean: clean.tensor(on: device), defect: defect.tensor(on: device), rateFactor: 1)
    tensors["losses"] = try Tensor(losses.read().values)
    for (name, parameter) in parameters {
      tensors["after.\(name)"] = try parameter.tensor.detached()
      tensors["gradient.\(name)"] = try parameter.tensor.gradient()
    }
    try Safetensors.write(tensors, to: URL(fileURLWithPath: target))
    try DeviceBench.answer(["parameters": parameters.count])
  }
}
