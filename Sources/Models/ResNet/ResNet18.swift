import Layers
import Torch

/// ResNet-18 as a classifier of images (He et al., CVPR 2016), with names of the state dictionary as in torchvision.
///
/// Shapes: [N, channels, H, W] → logits [N, classes].
public final class ResNet18: Layer {
  /// How the image enters.
  public enum Stem: String, Codable, CaseIterable, Sendable {
    /// 7×7 convolution with stride 2, then max pooling: for 224 pixels, as published.
    case imageNet = "imagenet"
    /// 3×3 convolution with stride 2 and no pooling: for images of about 64 pixels, where defects are a few pixels wide.
    case compact
  }

  let conv1: Conv2d
  let bn1: BatchNorm2d
  let layer1: Sequential
  let layer2: Sequential
  let layer3: Sequential
  let layer4: Sequential
  let fc: Linear
  private let stem: Stem

  /// - Parameter width: channels of the first stage, 64 as published; the four stages have 1, 2, 4 and 8 times as many.
  public init(
    channels: Int = 3, classes: Int, width: Int = 64, stem: Stem = .imageNet, generator: Generator
  ) throws(TorchError) {
    func stage(_ inputs: Int, _ outputs: Int, stride: Int) throws(TorchError) -> Sequential {
      Sequential([
        try BasicBlock(inputs, outputs, stride: stride, generator: generator),
        try BasicBlock(outputs, outputs, stride: 1, generator: generator),
      ])
    }
    self.stem = stem
    conv1 =
      switch stem {
      case .imageNet:
        try Conv2d(channels, width, kernel: 7, stride: 2, padding: 3, bias: false, generator: generator)
      case .compact:
        try Conv2d(channels, width, kernel: 3, stride: 2, padding: 1, bias: false, generator: generator)
      }
    bn1 = try BatchNorm2d(width)
    layer1 = try stage(width, width, stride: 1)
    layer2 = try stage(width, 2 * width, stride: 2)
    layer3 = try stage(2 * width, 4 * width, stride: 2)
    layer4 = try stage(4 * width, 8 * width, stride: 2)
    fc = try Linear(8 * width, classes, generator: generator)
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try fc(features(input)) }

  /// What the last layer sees: the last stage's means over all places.
  ///
  /// Shapes: [N, channels, H, W] → [N, 8·width].
  public func features(_ input: Tensor) throws(TorchError) -> Tensor {
    var x = try bn1(conv1(input)).relu()  // [N, width, H/2, W/2]
    if stem == .imageNet { x = try x.maxPool2d(3, stride: 2, padding: 1) }
    x = try layer4(layer3(layer2(layer1(x))))  // [N, 8·width, H/16, W/16], or half of it with pooling
    return try x.mean([2, 3])
  }

  /// Sets the last bias to the log of the classes' shares, so that training does not begin by learning them.
  ///
  /// Karpathy's recipe (2019): "init well". Shares: positive, one per class.
  public func setPrior(_ shares: [Double]) throws(TorchError) {
    guard let bias = fc.bias?.tensor, bias.count == shares.count, shares.allSatisfy({ $0 > 0 }) else {
      throw TorchError(.operation, "the prior needs one positive share per class, not \(shares)")
    }
    let logs = try Tensor(shares.map { Float($0) }).log()
    try withoutGradients { () throws(TorchError) in try bias.copy(from: logs) }
  }
}
