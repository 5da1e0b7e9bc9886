import Torch

/// In training sets each element to 0 with probability `rate` and divides the others by 1 − rate; in evaluation the
/// identity. Shapes: any → the same.
///
/// The mask is drawn from the generator given at the start, whose state belongs in checkpoints. The generator's device may
/// differ from the input's.
public final class Dropout: Layer, ModeSwitching {
  public let rate: Double
  public let generator: Generator
  public var isTraining = true

  public init(_ rate: Double = 0.5, generator: Generator) {
    precondition((0...1).contains(rate), "a rate is within 0 ... 1")
    self.rate = rate
    self.generator = generator
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    guard isTraining, rate > 0 else { return input }
    // Uniform numbers lie below 1, so at rate 1 none is kept; the division would be by 0 there.
    let kept = try Tensor.uniform(input.shape, generator: generator).greaterOrEqual(rate)
    let mask = try kept.moved(to: input.device, type: input.type)
    return try input * mask * (rate < 1 ? 1 / (1 - rate) : 0)
  }
}
