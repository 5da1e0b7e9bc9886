import Layers
import Torch

/// Two 3×3 convolutions and their input added again, with no ReLU after the addition (Johnson et al., ECCV 2016).
///
/// Shapes: [N, C, H, W] → [N, C, H, W].
public final class ResidualBlock: ResidualLayer {
  let convBlock: Sequential

  public init(channels: Int, generator: Generator) throws(TorchError) {
    convBlock = Sequential([
      ReflectionPad2d(1),
      try Conv2d(channels, channels, kernel: 3, generator: generator),
      try InstanceNorm2d(channels),
      ReLU(),
      ReflectionPad2d(1),
      try Conv2d(channels, channels, kernel: 3, generator: generator),
      try InstanceNorm2d(channels),
    ])
  }

  public var body: Sequential { convBlock }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try convBlock(input, adding: input) }
}
