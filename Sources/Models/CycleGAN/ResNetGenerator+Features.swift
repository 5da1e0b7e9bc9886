import Layers
import Torch

/// The generator's first half as an encoder: what its layers say about a picture.
extension ResNetGenerator {
  /// The outputs of the layers at `places`, without making a picture: layers behind the last place are not computed.
  ///
  /// - Parameter places: indices into the model's list of layers, ascending, all before the first doubling.
  /// - Throws: `TorchError` for other places, or sides that are not divisible by 4.
  public func features(of input: Tensor, at places: [Int]) throws(TorchError) -> [Tensor] {
    try check(input)
    try check(places)
    return try model.outputs(of: input, at: places)
  }

  /// The picture, and what `features` gives, from one pass.
  public func callAsFunction(
    _ input: Tensor, tapping places: [Int]
  ) throws(TorchError) -> (picture: Tensor, features: [Tensor]) {
    try check(input)
    try check(places)
    let (made, features) = try model(input, tapping: places)
    return (try picture(made, of: input), features)
  }

  /// Channels and sides of the maps that `features` gives for a picture of `height` × `width`.
  func featureShapes(
    at places: [Int], height: Int, width: Int
  ) throws(TorchError) -> [(channels: Int, height: Int, width: Int)] {
    try check(places)
    var (channels, height, width) = (inputs, height, width)
    var shapes: [(channels: Int, height: Int, width: Int)] = []
    for (place, layer) in model.layers.prefix(encoderLayers).enumerated() {
      switch layer {
      case let margin as Pad2d:
        height += margin.top + margin.bottom
        width += margin.left + margin.right
      case let convolution as Conv2d:
        let weight = convolution.weight.tensor.shape
        func side(_ side: Int, _ kernel: Int) -> Int {
          (side + 2 * convolution.padding - kernel) / convolution.stride + 1
        }
        (channels, height, width) = (weight[0], side(height, weight[2]), side(width, weight[3]))
      case is BlurDownsample: (height, width) = ((height + 1) / 2, (width + 1) / 2)
      default: break  // norms, activations and residual blocks keep the shape
      }
      if places.contains(place) { shapes.append((channels, height, width)) }
    }
    return shapes
  }

  private func check(_ places: [Int]) throws(TorchError) {
    guard !places.isEmpty, zip(places, places.dropFirst()).allSatisfy(<),
      places.allSatisfy((0..<encoderLayers).contains)
    else {
      throw TorchError(
        .operation,
        "features are taken at ascending places in 0 ..< \(encoderLayers), before the first doubling, not \(places)")
    }
  }
}
