import Torch

/// A table of vectors, looked up by whole numbers. Starts from N(0, 1), as in PyTorch.
///
/// Shapes: int64 [...] with values 0 ..< count → [..., dimensions].
public final class Embedding: Layer {
  /// [count, dimensions].
  public let weight: Parameter

  public init(_ count: Int, _ dimensions: Int, generator: Generator) throws(TorchError) {
    precondition(count > 0 && dimensions > 0)
    weight = try Parameter(Tensor.normal([count, dimensions], generator: generator))
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try weight.tensor.embedding(input) }
}
