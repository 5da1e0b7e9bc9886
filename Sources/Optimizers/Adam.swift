import Layers
import Torch

/// Adam (Kingma and Ba, 2015, algorithm 1), in one fused call for all parameters; with `decoupled` AdamW (Loshchilov and
/// Hutter, 2019, algorithm 2).
///
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε). Weight decay adds
/// decay · θ to g; decoupled, θ first shrinks by rate · decay · θ. As in PyTorch each parameter counts its own steps t, so
/// one that gets its first gradient late starts with its own bias correction.
public final class Adam: Optimizer {
  public var learningRate: Double
  public let parameters: NamedParameters
  public let beta1: Double
  public let beta2: Double
  public let epsilon: Double
  public let weightDecay: Double
  public let decoupled: Bool

  private struct Moments {
    let first: Tensor
    let second: Tensor
    var step = 0
  }

  /// By the parameter's place; none before its first gradient.
  private var moments: [Moments?]

  /// The defaults are PyTorch's; CycleGAN takes `learningRate: 2e-4, beta1: 0.5`.
  public init(
    _ parameters: NamedParameters, learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, decoupled: Bool = false
  ) {
    precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "betas are within 0 ..< 1")
    precondition(learningRate >= 0 && epsilon > 0 && weightDecay >= 0)
    self.parameters = parameters
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decoupled = decoupled
    moments = Array(repeating: nil, count: parameters.items.count)
  }

  public func step() throws(TorchError) { try step(skippedIf: nil) }

  /// A step that leaves every weight and moment untouched where `flag` is 1: float32 [], on the parameters' device. The
  /// host does not wait to learn it, so the step counts for the bias correction all the same.
  public func step(skippedIf flag: Tensor?) throws(TorchError) {
    // One fused call shares the count of steps, and takes tensors of one device and type.
    var batches: [Key: Batch] = [:]
    for (place, item) in parameters.items.enumerated() {
      let tensor = item.parameter.tensor
      guard let gradient = try tensor.gradient() else { continue }
      let state: Moments
      if let known = moments[place] {
        state = known
      } else {
        state = Moments(first: try tensor.zerosLike(), second: try tensor.zerosLike())
        moments[place] = state
      }
      let key = Key(step: state.step + 1, device: tensor.device, type: tensor.type)
      batches[key, default: Batch()].add(place, tensor, try gradient.laidOut(like: tensor), state)
    }
    for (key, batch) in batches {
      try withoutGradients { () throws(TorchError) in
        try adamStep(
          batch.parameters, gradients: batch.gradients, firstMoments: batch.first, secondMoments: batch.second,
          step: key.step, rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
          decoupled: decoupled, skip: flag)
      }
      for place in batch.places { moments[place]?.step = key.step }
    }
  }

  private struct Key: Hashable {
    let step: Int
    let device: Device
    let type: DataType
  }

  private struct Batch {
    var places: [Int] = []
    var parameters: [Tensor] = []
    var gradients: [Tensor] = []
    var first: [Tensor] = []
    var second: [Tensor] = []

    mutating func add(_ place: Int, _ parameter: Tensor, _ gradient: Tensor, _ moments: Moments) {
      places.append(place)
      parameters.append(parameter)
      gradients.append(gradient)
      first.append(moments.first)
      second.append(moments.second)
    }
  }

  /// `<name>.exp_avg`, `<name>.exp_avg_sq` and `<name>.step` (int64 []) of every parameter that has been stepped.
  public func stateTensors() throws(TorchError) -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (item, moments) in zip(parameters.items, moments) {
      guard let moments else { continue }
      state["\(item.name).exp_avg"] = moments.first
      state["\(item.name).exp_avg_sq"] = moments.second
      state["\(item.name).step"] = try Tensor([moments.step], shape: [])
    }
    return state
  }

  public func restore(_ state: [String: Tensor]) throws {
    let entries = try SavedState(state, of: parameters, kinds: ["exp_avg", "exp_avg_sq"], counts: ["step"])
    moments = try entries.byParameter { tensors in
      Moments(
        first: tensors["exp_avg"], second: tensors["exp_avg_sq"], step: Int(try tensors["step"].item()))
    }
  }
}
