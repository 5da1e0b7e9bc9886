import Torch

/// Layers one after another. Their names are their places: `0.weight`, `2.bias`.
///
/// Neighbours that one operation computes faster are computed together: a mirrored margin with the 3 × 3 convolution that
/// reads it, an instance norm with its activation and with what a residual block adds. The numbers are the same but for
/// rounding; a bias in front of an instance norm gets the gradient 0, which it has, instead of rounding noise.
public final class Sequential: Layer, CustomReflectable {
  public let layers: [any Layer]

  public init(_ layers: [any Layer]) { self.layers = layers }

  public convenience init(_ layers: any Layer...) { self.init(layers) }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try run(layers[...], input, adding: nil) }

  /// The last layer's output plus a residual of the same shape.
  public func callAsFunction(_ input: Tensor, adding residual: Tensor) throws(TorchError) -> Tensor {
    try run(layers[...], input, adding: residual)
  }

  /// The outputs of the layers at `places`, as each would give it alone: nothing is left out of them for the sake of the
  /// layer behind. What comes after the last of them is not computed.
  ///
  /// - Parameter places: indices of layers, ascending.
  public func outputs(of input: Tensor, at places: [Int]) throws(TorchError) -> [Tensor] {
    precondition(
      zip(places, places.dropFirst()).allSatisfy(<) && places.allSatisfy(layers.indices.contains),
      "places are indices of layers in ascending order")
    var outputs: [Tensor] = []
    var start = layers.startIndex
    for place in places {
      outputs.append(try run(layers[start...place], outputs.last ?? input, adding: nil))
      start = place + 1
    }
    return outputs
  }

  /// The last layer's output, and those of the layers at `places`, from one pass.
  public func callAsFunction(
    _ input: Tensor, tapping places: [Int]
  ) throws(TorchError) -> (output: Tensor, tapped: [Tensor]) {
    let tapped = try outputs(of: input, at: places)
    let rest = layers[(places.last.map { $0 + 1 } ?? 0)...]
    return (try run(rest, tapped.last ?? input, adding: nil), tapped)
  }

  private func run(
    _ layers: ArraySlice<any Layer>, _ input: Tensor, adding residual: Tensor?
  ) throws(TorchError) -> Tensor {
    var output = input
    var residual = residual
    var rest = layers
    while let layer = rest.popFirst() {
      switch layer {
      case let margin as ReflectionPad2d where margin.isOnePixel:
        guard let convolution = rest.first as? Conv2d, convolution.isPlain3x3 else {
          output = try layer(output)
          continue
        }
        rest.removeFirst()
        output = try output.reflectedConv3x3(
          convolution.weight.tensor, convolution.bias?.tensor, deadBias: Self.forgetsConstants(rest.first))
      case let convolution as any Convolution:
        output = try convolution(output, deadBias: Self.forgetsConstants(rest.first))
      case let norm as InstanceNorm2d where norm.weight == nil:
        let slope = Self.slope(rest.first)
        if slope != nil { rest.removeFirst() }
        output = try output.instanceNorm(
          slope: slope ?? 1, adding: rest.isEmpty ? residual : nil, epsilon: norm.epsilon)
        if rest.isEmpty { residual = nil }
      default:
        output = try layer(output)
      }
    }
    if let residual { output = try output + residual }
    return output
  }

  /// Whether a constant per channel added before `layer` is gone after it.
  private static func forgetsConstants(_ layer: (any Layer)?) -> Bool { layer is InstanceNorm2d }

  /// The slope below zero of an activation max(v, slope · v).
  private static func slope(_ layer: (any Layer)?) -> Double? {
    switch layer {
    case is ReLU: 0
    case let leaky as LeakyReLU where (0...1).contains(leaky.slope): leaky.slope
    default: nil
    }
  }

  /// The layers without a name of their own, so that states say `model.1.weight` and not `model.layers.1.weight`.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: layers, displayStyle: .collection) }
}
