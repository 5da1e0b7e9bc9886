import Torch

/// A layer with a convolution's weight and perhaps a bias; `Module.initialize` finds layers by it.
public protocol Convolution: Layer {
  var weight: Parameter { get }
  var bias: Parameter? { get }

  /// As a call without `deadBias`; true when an instance norm follows, through which the bias does not get: it need not be
  /// added, and its gradient may be 0.
  func callAsFunction(_ input: Tensor, deadBias: Bool) throws(TorchError) -> Tensor
}

extension Convolution {
  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try self(input, deadBias: false) }
}

extension Parameter {
  /// PyTorch's start for weights of convolutions and linear layers: U(±1/√(fan in)), its `kaiming_uniform_` with a = √5.
  static func weight(_ shape: [Int], generator: Generator) throws(TorchError) -> Parameter {
    try Parameter(Initializer.kaimingUniform(slope: 5.0.squareRoot()).tensor(shape, generator: generator))
  }

  /// PyTorch's start for the bias beside `weight`: U(±1/√(fan in)) with the weight's fan.
  static func bias(_ count: Int, beside weight: Parameter, generator: Generator) throws(TorchError) -> Parameter {
    let bound = 1 / Double(try Initializer.fans(weight.tensor).in).squareRoot()
    return try Parameter(Initializer.uniform(bound: bound).tensor([count], generator: generator))
  }
}
