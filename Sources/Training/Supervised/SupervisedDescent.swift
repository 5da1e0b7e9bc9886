import Layers
import Optimizers
import Torch

/// How the learning rate falls over a training's steps.
public enum TrainingSchedule: String, Codable, CaseIterable, Sendable {
  /// Along half a cosine to 0 (Loshchilov and Hutter, ICLR 2017, equation 5).
  case cosine
  /// To a tenth after each third of the steps.
  case step

  func rates(steps: Int) -> LearningRateSchedule {
    switch self {
    case .cosine: .cosine(epochs: steps)
    case .step: .step(epochs: max(1, (steps + 2) / 3), factor: 0.1)
    }
  }
}

/// A network that learns for a fixed number of steps by AdamW (Loshchilov and Hutter, ICLR 2019).
final class SupervisedDescent {
  let steps: Int
  /// Completed ones.
  private(set) var step = 0
  /// Of the step before the coming one; of the coming one before there is any.
  var currentRate: Double { optimizer.learningRate }

  private let model: any Module
  private let optimizer: Adam
  private let learningRate: Double
  private let schedule: LearningRateSchedule

  init(
    _ model: any Module, steps: Int, learningRate: Double, weightDecay: Double, schedule: TrainingSchedule? = nil
  ) throws {
    self.model = model
    self.steps = steps
    self.learningRate = learningRate
    self.schedule = (schedule ?? .cosine).rates(steps: steps)
    optimizer = Adam(
      try NamedParameters(model), learningRate: learningRate, weightDecay: weightDecay, decoupled: true)
  }

  /// One step down a loss; a loss that is no finite number never reaches a weight.
  ///
  /// - Parameter name: whose loss it is, for the error.
  func descend(_ name: String, _ loss: () throws -> Tensor) throws -> Double {
    precondition(step < steps, "all \(steps) steps are done")
    let loss = try loss()
    let value = try loss.item()
    guard value.isFinite else {
      throw TorchError(.operation, "the \(name)'s loss became \(value) in step \(step + 1): lower the learning rate")
    }
    optimizer.learningRate = learningRate * schedule.factor(at: step)
    try optimizer.zeroGradients()
    try loss.backward()
    try optimizer.step()
    step += 1
    return value
  }

  /// Weights, running statistics and moments.
  func checkpoint() throws -> Checkpoint {
    var result = Checkpoint(step: step, tensors: [:])
    result.add(try model.stateDictionary(), under: "model")
    result.add(try optimizer.stateTensors(), under: "optimizer")
    return result
  }

  func restore(_ checkpoint: Checkpoint) throws {
    try model.load(checkpoint.tensors(under: "model"))
    try optimizer.restore(checkpoint.tensors(under: "optimizer"))
    step = checkpoint.step
  }
}
