import Layers
import Torch

/// CycleGAN for inspection: clean surfaces are domain A, defective ones domain B (Zhu et al., ICCV 2017).
///
/// | here | paper | published code |
/// |---|---|---|
/// | `cleanToDefect` | G: X → Y | `G_A` |
/// | `defectToClean` | F: Y → X | `G_B` |
/// | `defectDiscriminator` | D_Y | `D_A` (it judges what `G_A` makes) |
/// | `cleanDiscriminator` | D_X | `D_B` |
public final class CycleGAN: DefectGenerator {
  public let cleanToDefect: ResNetGenerator
  public let defectToClean: ResNetGenerator
  public let defectDiscriminator: PatchDiscriminator
  public let cleanDiscriminator: PatchDiscriminator

  /// Classes of defects that a mask may ask for: as many planes follow an image's channels. 0 leaves masks out, as published.
  public let maskClasses: Int

  /// Weights of convolutions are drawn from N(0, 0.02²), biases are 0.
  public init(
    channels: Int = 3, maskClasses: Int = 0, filters: Int = 64, blocks: Int = 9, discriminatorFilters: Int = 64,
    discriminatorHalvings: Int = 3,
    upsampling: ResNetGenerator.Upsampling = .transposed, residual: Bool = false, generator: Generator
  ) throws(TorchError) {
    self.maskClasses = maskClasses
    func translator() throws(TorchError) -> ResNetGenerator {
      try ResNetGenerator(
        inputs: channels + maskClasses, outputs: channels, filters: filters, blocks: blocks, upsampling: upsampling,
        residual: residual, generator: generator)
    }
    func discriminator() throws(TorchError) -> PatchDiscriminator {
      try PatchDiscriminator(
        inputs: channels + maskClasses, filters: discriminatorFilters, halvings: discriminatorHalvings,
        generator: generator)
    }
    cleanToDefect = try translator()
    defectToClean = try translator()
    defectDiscriminator = try discriminator()
    cleanDiscriminator = try discriminator()
    try initialize(convolutions: .normal(standardDeviation: 0.02), biases: .zeros, generator: generator)
  }

  /// Both generators: one optimizer trains them together.
  public var generators: [any Module] { [cleanToDefect, defectToClean] }

  /// Both discriminators: one optimizer trains them together.
  public var discriminators: [any Module] { [defectDiscriminator, cleanDiscriminator] }

  public func generator(_ direction: TranslationDirection) -> ResNetGenerator? {
    direction == .cleanToDefect ? cleanToDefect : defectToClean
  }

  public func makingDefects(on clean: Tensor, where mask: DefectMask? = nil) throws(TorchError) -> Tensor {
    try mask.blended(cleanToDefect(mask.behind(clean)), into: clean)
  }

  /// Defective surfaces without their defects; with a mask, changed just there.
  ///
  /// Shapes: [N, C, H, W] in [−1, 1] → the same.
  public func removingDefects(from defective: Tensor, where mask: DefectMask? = nil) throws(TorchError) -> Tensor {
    try mask.blended(defectToClean(mask.behind(defective)), into: defective)
  }
}
