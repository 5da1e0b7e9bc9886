import Torch

/// The Inception network of 2015 (Szegedy et al., CVPR 2016), whose features FID and KID compare: up to its 768 channels, or
/// whole, with 2048.
///
/// It is never trained: weights are tensors by name, those of the published TensorFlow graph with batch norm folded in. See
/// the README beside this file.
public final class Inception {
  /// How many features an image has.
  public let featureCount: Int
  /// Images are brought to this side, in pixels, whatever they were.
  public static let side = 299

  private let tensors: [String: Tensor]
  private var isWhole: Bool { featureCount == Self.wholeFeatureCount }

  static let middleFeatureCount = 768
  static let wholeFeatureCount = 2048

  /// The network that the tensors are of: the whole one where any belongs to a block behind the 768 channels.
  ///
  /// - Parameter tensors: `NAME.weight` [outputs, inputs, height, width] and `NAME.bias` [outputs] for every convolution.
  /// - Throws: `TorchError` that names what is missing, unknown or of another shape.
  public init(_ tensors: [String: Tensor]) throws(TorchError) {
    self.tensors = tensors
    let isWhole = tensors.keys.contains { key in ["mixed_8_", "mixed_9_", "mixed_10_"].contains { key.hasPrefix($0) } }
    featureCount = isWhole ? Self.wholeFeatureCount : Self.middleFeatureCount
    let expected = Self.convolutions(channels: featureCount)
    for (name, weight) in expected.sorted(by: { $0.key < $1.key }) {
      for (key, shape) in [("\(name).weight", weight), ("\(name).bias", [weight[0]])] {
        guard let tensor = tensors[key] else { throw TorchError(.operation, "expected a tensor '\(key)', found none") }
        guard tensor.shape == shape else {
          throw TorchError(.operation, "expected '\(key)' of shape \(shape), found \(tensor.shape)")
        }
      }
    }
    let known = Set(expected.keys.flatMap { ["\($0).weight", "\($0).bias"] })
    if let other = tensors.keys.sorted().first(where: { !known.contains($0) }) {
      throw TorchError(
        .operation, "expected the tensors of Inception up to \(featureCount) channels, found '\(other)' among them")
    }
  }

  /// The mean over space of the last block.
  ///
  /// Images hold 0 ... 255, and are resized without antialiasing, corners not aligned.
  /// Shapes: [N, 3, H, W] → [N, `featureCount`].
  public func features(_ images: Tensor) throws(TorchError) -> Tensor {
    var x = try (images.resized(height: Self.side, width: Self.side) - 128) / 128
    x = try conv(x, "conv", stride: 2, isValid: true)  // [N, 32, 149, 149]
    x = try conv(x, "conv_1", isValid: true)  // [N, 32, 147, 147]
    x = try conv(x, "conv_2").maxPool2d(3, stride: 2)  // [N, 64, 73, 73]
    x = try conv(conv(x, "conv_3"), "conv_4", isValid: true)  // [N, 192, 71, 71]
    x = try x.maxPool2d(3, stride: 2)  // [N, 192, 35, 35]
    for name in ["mixed", "mixed_1", "mixed_2"] {
      x = try block(x, name, tower: 2, secondTower: 3)  // [N, 256, then 288, 35, 35]
    }
    x = try reduction(x, "mixed_3")  // [N, 768, 17, 17]
    for name in ["mixed_4", "mixed_5", "mixed_6", "mixed_7"] {
      x = try block(x, name, tower: 3, secondTower: 5)
    }
    if isWhole {
      x = try secondReduction(x, "mixed_8")  // [N, 1280, 8, 8]
      // The published graph averages in the one and takes the maximum in the other, though both are drawn alike.
      x = try wideBlock(x, "mixed_9", pooled: Self.average(x))  // [N, 2048, 8, 8]
      x = try wideBlock(x, "mixed_10", pooled: x.maxPool2d(3, stride: 1, padding: 1))
    }
    return try x.mean([2, 3])
  }

  /// Four branches; the towers are so many convolutions long.
  private func block(_ x: Tensor, _ name: String, tower: Int, secondTower: Int) throws(TorchError) -> Tensor {
    try .concatenated(
      [
        conv(x, "\(name)_conv"), chain(x, "\(name)_tower_conv", tower), chain(x, "\(name)_tower_1_conv", secondTower),
        conv(Self.average(x), "\(name)_tower_2_conv"),
      ], 1)
  }

  /// The published graph averages over the pixels that exist, not over the margin.
  private static func average(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.avgPool2d(3, stride: 1, padding: 1, countingPadding: false)
  }

  /// Half the size.
  private func reduction(_ x: Tensor, _ name: String) throws(TorchError) -> Tensor {
    let tower = try chain(x, "\(name)_tower_conv", 2)
    return try .concatenated(
      [
        conv(x, "\(name)_conv", stride: 2, isValid: true),
        conv(tower, "\(name)_tower_conv_2", stride: 2, isValid: true), x.maxPool2d(3, stride: 2),
      ], 1)
  }

  /// Half the size again.
  private func secondReduction(_ x: Tensor, _ name: String) throws(TorchError) -> Tensor {
    let tower = try conv(x, "\(name)_tower_conv")
    let secondTower = try chain(x, "\(name)_tower_1_conv", 3)
    return try .concatenated(
      [
        conv(tower, "\(name)_tower_conv_1", stride: 2, isValid: true),
        conv(secondTower, "\(name)_tower_1_conv_3", stride: 2, isValid: true), x.maxPool2d(3, stride: 2),
      ], 1)
  }

  /// Four branches; the towers end in a flat and a tall convolution side by side.
  private func wideBlock(_ x: Tensor, _ name: String, pooled: Tensor) throws(TorchError) -> Tensor {
    let tower = try conv(x, "\(name)_tower_conv")
    let secondTower = try chain(x, "\(name)_tower_1_conv", 2)
    return try .concatenated(
      [
        conv(x, "\(name)_conv"), conv(tower, "\(name)_tower_mixed_conv"), conv(tower, "\(name)_tower_mixed_conv_1"),
        conv(secondTower, "\(name)_tower_1_mixed_conv"), conv(secondTower, "\(name)_tower_1_mixed_conv_1"),
        conv(pooled, "\(name)_tower_2_conv"),
      ], 1)
  }

  private func chain(_ x: Tensor, _ name: String, _ length: Int) throws(TorchError) -> Tensor {
    var x = x
    for index in 0..<length { x = try conv(x, index == 0 ? name : "\(name)_\(index)") }
    return x
  }

  private func conv(
    _ x: Tensor, _ name: String, stride: Int = 1, isValid: Bool = false
  ) throws(TorchError) -> Tensor {
    guard let weight = tensors["\(name).weight"], let bias = tensors["\(name).bias"] else {
      throw TorchError(.operation, "no convolution '\(name)'")
    }
    let padding = isValid ? (height: 0, width: 0) : (height: weight.shape[2] / 2, width: weight.shape[3] / 2)
    return try x.conv2d(weight, bias, stride: stride, padding: padding).relu()
  }

  /// The weights' shapes by the name of their convolution, of the network up to so many channels.
  static func convolutions(channels: Int) -> [String: [Int]] {
    var shapes: [String: [Int]] = [
      "conv": [32, 3, 3, 3], "conv_1": [32, 32, 3, 3], "conv_2": [64, 32, 3, 3], "conv_3": [80, 64, 1, 1],
      "conv_4": [192, 80, 3, 3],
    ]
    for (name, inputs, pooled) in [("mixed", 192, 32), ("mixed_1", 256, 64), ("mixed_2", 288, 64)] {
      shapes["\(name)_conv"] = [64, inputs, 1, 1]
      shapes["\(name)_tower_conv"] = [48, inputs, 1, 1]
      shapes["\(name)_tower_conv_1"] = [64, 48, 5, 5]
      shapes["\(name)_tower_1_conv"] = [64, inputs, 1, 1]
      shapes["\(name)_tower_1_conv_1"] = [96, 64, 3, 3]
      shapes["\(name)_tower_1_conv_2"] = [96, 96, 3, 3]
      shapes["\(name)_tower_2_conv"] = [pooled, inputs, 1, 1]
    }
    shapes["mixed_3_conv"] = [384, 288, 3, 3]
    shapes["mixed_3_tower_conv"] = [64, 288, 1, 1]
    shapes["mixed_3_tower_conv_1"] = [96, 64, 3, 3]
    shapes["mixed_3_tower_conv_2"] = [96, 96, 3, 3]
    for (name, inner) in [("mixed_4", 128), ("mixed_5", 160), ("mixed_6", 160), ("mixed_7", 192)] {
      shapes["\(name)_conv"] = [192, 768, 1, 1]
      shapes["\(name)_tower_conv"] = [inner, 768, 1, 1]
      shapes["\(name)_tower_conv_1"] = [inner, inner, 1, 7]
      shapes["\(name)_tower_conv_2"] = [192, inner, 7, 1]
      shapes["\(name)_tower_1_conv"] = [inner, 768, 1, 1]
      shapes["\(name)_tower_1_conv_1"] = [inner, inner, 7, 1]
      shapes["\(name)_tower_1_conv_2"] = [inner, inner, 1, 7]
      shapes["\(name)_tower_1_conv_3"] = [inner, inner, 7, 1]
      shapes["\(name)_tower_1_conv_4"] = [192, inner, 1, 7]
      shapes["\(name)_tower_2_conv"] = [192, 768, 1, 1]
    }
    guard channels == wholeFeatureCount else { return shapes }
    shapes["mixed_8_tower_conv"] = [192, 768, 1, 1]
    shapes["mixed_8_tower_conv_1"] = [320, 192, 3, 3]
    shapes["mixed_8_tower_1_conv"] = [192, 768, 1, 1]
    shapes["mixed_8_tower_1_conv_1"] = [192, 192, 1, 7]
    shapes["mixed_8_tower_1_conv_2"] = [192, 192, 7, 1]
    shapes["mixed_8_tower_1_conv_3"] = [192, 192, 3, 3]
    for (name, inputs) in [("mixed_9", 1280), ("mixed_10", 2048)] {
      shapes["\(name)_conv"] = [320, inputs, 1, 1]
      shapes["\(name)_tower_conv"] = [384, inputs, 1, 1]
      shapes["\(name)_tower_1_conv"] = [448, inputs, 1, 1]
      shapes["\(name)_tower_1_conv_1"] = [384, 448, 3, 3]
      for tower in ["tower", "tower_1"] {
        shapes["\(name)_\(tower)_mixed_conv"] = [384, 384, 1, 3]
        shapes["\(name)_\(tower)_mixed_conv_1"] = [384, 384, 3, 1]
      }
      shapes["\(name)_tower_2_conv"] = [192, inputs, 1, 1]
    }
    return shapes
  }
}
