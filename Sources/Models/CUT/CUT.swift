import Layers
import Torch

/// CUT and FastCUT for inspection: clean surfaces become defective ones, with no network for the way back (Park et al.,
/// ECCV 2020).
///
/// | here | paper | published code |
/// |---|---|---|
/// | `cleanToDefect` | G: X → Y, its first half G_enc | `G` |
/// | `patchHeads` | H_1 … H_L | `F` |
/// | `defectDiscriminator` | D | `D` |
public final class CUT: DefectGenerator {
  public let cleanToDefect: ResNetGenerator
  public let patchHeads: PatchHeads
  public let defectDiscriminator: PatchDiscriminator
  /// The generator's layers whose outputs are compared, as indices into its list of layers.
  public let layers: [Int]
  /// Classes of defects that a mask may ask for: as many planes follow an image's channels. 0 leaves masks out, as published.
  public let maskClasses: Int

  /// Weights start from Xavier's normal distribution with a gain of 0.02, biases from 0.
  ///
  /// - Parameters:
  ///   - antialiasing: blur where the networks halve and double, as published; false gives CycleGAN's networks.
  ///   - layers: by default the published ones, see `publishedLayers`.
  ///   - headWidth: outputs of both layers of each head.
  /// - Throws: `TorchError` for layers that do not ascend, or are not in the generator's first half.
  public init(
    channels: Int = 3, maskClasses: Int = 0, filters: Int = 64, blocks: Int = 9, discriminatorFilters: Int = 64,
    antialiasing: Bool = true, layers: [Int]? = nil, headWidth: Int = 256, generator: Generator
  ) throws(TorchError) {
    let layers = layers ?? Self.publishedLayers(antialiasing: antialiasing)
    cleanToDefect = try ResNetGenerator(
      inputs: channels + maskClasses, outputs: channels, filters: filters, blocks: blocks, antialiasing: antialiasing,
      upsampling: antialiasing ? .resize : .transposed, generator: generator)
    let shapes = try cleanToDefect.featureShapes(at: layers, height: 4, width: 4)
    patchHeads = try PatchHeads(channels: shapes.map(\.channels), width: headWidth, generator: generator)
    defectDiscriminator = try PatchDiscriminator(
      inputs: channels + maskClasses, filters: discriminatorFilters, antialiasing: antialiasing, generator: generator)
    self.layers = layers
    self.maskClasses = maskClasses
    try initialize(convolutions: .xavierNormal(gain: 0.02), biases: .zeros, generator: generator)
    try patchHeads.initialize(.xavierNormal(gain: 0.02), generator: generator)
  }

  /// The picture with its mirrored margin, both halving convolutions before their norm, and the first and the fifth
  /// residual block.
  ///
  /// Without antialiasing the same five stand at other places. (The published code keeps 0, 4, 8, 12 and 16 there, which
  /// then are a norm and the third and the seventh block.)
  public static func publishedLayers(antialiasing: Bool) -> [Int] {
    antialiasing ? [0, 4, 8, 12, 16] : [0, 4, 7, 10, 14]
  }

  /// Trained together by the translator's loss; one optimizer does, as Adam treats every parameter alone.
  public var translators: [any Module] { [cleanToDefect, patchHeads] }

  public func generator(_ direction: TranslationDirection) -> ResNetGenerator? {
    direction == .cleanToDefect ? cleanToDefect : nil
  }

  public func makingDefects(on clean: Tensor, where mask: DefectMask? = nil) throws(TorchError) -> Tensor {
    try mask.blended(cleanToDefect(mask.behind(clean)), into: clean)
  }
}
