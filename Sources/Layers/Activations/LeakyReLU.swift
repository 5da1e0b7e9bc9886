import Torch

/// x where it is positive, slope · x elsewhere. Shapes: any → the same.
///
/// The slope's default is the 0.2 of GAN discriminators, not PyTorch's 0.01.
public final class LeakyReLU: Layer {
  public let slope: Double

  public init(_ slope: Double = 0.2) { self.slope = slope }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try input.leakyRelu(slope) }
}
