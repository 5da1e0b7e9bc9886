import Torch

/// Layers one after another. Their names are their places: `0.weight`, `2.bias`.
public final class Sequential: Layer, CustomReflectable {
  public let layers: [any Layer]

  public init(_ layers: [any Layer]) { self.layers = layers }

  public convenience init(_ layers: any Layer...) { self.init(layers) }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    var output = input
    for layer in layers { output = try layer(output) }
    return output
  }

  /// The layers without a name of their own, so that states say `model.1.weight` and not `model.layers.1.weight`.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: layers, displayStyle: .collection) }
}
