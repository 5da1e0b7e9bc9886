import Layers
import Torch

/// Changes parameters step by step after their gradients.
public protocol Optimizer: AnyObject {
  /// The size of the next step. A schedule sets it; it is no part of the saved state.
  var learningRate: Double { get set }
  var parameters: NamedParameters { get }

  /// Changes every parameter that has a gradient; the others and their state stay as they are.
  func step() throws(TorchError)

  /// What a resumed run needs to go on exactly, by parameter and by PyTorch's names, such as `0.weight.exp_avg`. The
  /// tensors may share memory with the optimizer: clone what must not change.
  func stateTensors() throws(TorchError) -> [String: Tensor]

  /// Takes over what `stateTensors` gave. Parameters without entries start afresh.
  ///
  /// - Throws: `InputError` that lists what does not fit, before anything is changed.
  func restore(_ state: [String: Tensor]) throws
}

extension Optimizer {
  /// Forgets all gradients, so that a parameter that gets none is left alone by the next step.
  public func zeroGradients() throws(TorchError) {
    for (_, parameter) in parameters.items { try parameter.tensor.setGradient(nil) }
  }
}
