import Torch

/// Layers one after another. Their names are their places: `0.weight`, `2.bias`.
public final class Sequential: Layer, CustomReflectable {
  public let layers: [any Layer]

  public init(_ layers: [any Layer]) { self.layers = layers }

  public convenience init(_ layers: any Layer...) { self.init(layers) }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    var output = input
    var place = 0
    while place < layers.count {
      // A mirrored margin and the convolution that reads it are one operation, which never builds the larger image.
      if let margin = layers[place] as? ReflectionPad2d, margin.isOnePixel, place + 1 < layers.count,
        let convolution = layers[place + 1] as? Conv2d, convolution.isPlain3x3
      {
        output = try output.reflectedConv3x3(convolution.weight.tensor, convolution.bias?.tensor)
        place += 2
      } else {
        output = try layers[place](output)
        place += 1
      }
    }
    return output
  }

  /// The layers without a name of their own, so that states say `model.1.weight` and not `model.layers.1.weight`.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: layers, displayStyle: .collection) }
}
