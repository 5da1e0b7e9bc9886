import Layers
import Torch

/// U-Net: a logit of every class for every pixel (Ronneberger, Fischer and Brox, MICCAI 2015).
///
/// The contracting path halves the sides and doubles the channels `depth` times; the expansive path goes back, and at each
/// size sees again what the contracting path saw there. Class 0 is the background.
///
/// Sides need not be multiples of 2ᵈᵉᵖᵗʰ: the image is continued to the right and below by mirroring (by repeating its edge
/// where it is smaller than what is missing), and the logits are cut to the image again.
/// Shapes: [N, channels, H, W] → logits [N, classes, H, W].
public final class UNet: Layer {
  /// How the expansive path doubles the sides.
  public enum Upsampling: String, Codable, CaseIterable, Sendable {
    /// A 2×2 transposed convolution with stride 2, as published.
    case transposed
    /// Bilinear interpolation, and a 1×1 convolution for the channels: fewer weights and no checkerboard.
    case bilinear
  }

  let contracting: [DoubleConvolution]
  /// From the smallest size to the largest.
  let expanding: [Expansion]
  let head: Conv2d

  /// Halvings of the sides.
  public var depth: Int { expanding.count }

  /// Starts from PyTorch's default; batch norm makes the scale of all but the last layer's weights irrelevant.
  ///
  /// - Parameters:
  ///   - classes: the background included.
  ///   - width: channels at full size, 64 as published; each halving doubles them.
  ///   - depth: how often the sides are halved, 4 as published.
  public init(
    channels: Int = 1, classes: Int, width: Int = 64, depth: Int = 4, upsampling: Upsampling = .transposed,
    generator: Generator
  ) throws(TorchError) {
    precondition(channels > 0 && classes > 1 && width > 0 && (1...8).contains(depth))
    var contracting = [try DoubleConvolution(channels, width, generator: generator)]
    for level in 1...depth {
      contracting.append(try DoubleConvolution(width << (level - 1), width << level, generator: generator))
    }
    var expanding: [Expansion] = []
    for level in (0..<depth).reversed() {
      expanding.append(try Expansion(width << level, upsampling: upsampling, generator: generator))
    }
    self.contracting = contracting
    self.expanding = expanding
    head = try Conv2d(width, classes, kernel: 1, generator: generator)
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    guard input.rank == 4 else {
      throw TorchError(.operation, "UNet expects an input [N, C, H, W], found the shape \(input.shape)")
    }
    let (height, width) = (input.shape[2], input.shape[3])
    var x = try padded(input)
    var skipped: [Tensor] = []
    for (level, step) in contracting.enumerated() {
      if level > 0 { x = try x.maxPool2d(2) }  // [N, 2ˡ⁻¹·width, H/2ˡ, W/2ˡ]
      x = try step(x)  // [N, 2ˡ·width, H/2ˡ, W/2ˡ]
      skipped.append(x)
    }
    skipped.removeLast()
    for step in expanding { x = try step(x, skipped: skipped.removeLast()) }
    return try head(x).sliced(2, 0..<height).sliced(3, 0..<width)  // [N, classes, H, W]
  }

  /// Continues to multiples of 2ᵈᵉᵖᵗʰ.
  private func padded(_ input: Tensor) throws(TorchError) -> Tensor {
    let unit = 1 << depth
    let (height, width) = (input.shape[2], input.shape[3])
    let (below, right) = ((unit - height % unit) % unit, (unit - width % unit) % unit)
    guard below > 0 || right > 0 else { return input }
    let mirrors = below < height && right < width
    return try input.padded(left: 0, right: right, top: 0, bottom: below, mirrors ? .reflect : .replicate)
  }

  /// Sets the last bias to the log of the classes' shares of the pixels, so that training does not begin by learning that
  /// nearly everything is background (as `ResNet18.setPrior`). Shares: positive, one per class, the background's first.
  public func setPrior(_ shares: [Double]) throws(TorchError) {
    guard let bias = head.bias?.tensor, bias.count == shares.count, shares.allSatisfy({ $0 > 0 }) else {
      throw TorchError(.operation, "the prior needs one positive share per class, not \(shares)")
    }
    let logs = try Tensor(shares.map { Float($0) }).log()
    try withoutGradients { () throws(TorchError) in try bias.copy(from: logs) }
  }
}
