import Layers
import Torch

/// Networks that can make clean surfaces defective, whatever they were trained with.
public protocol DefectGenerator: Module {
  /// Clean surfaces with defects; with a mask just there, and the rest as it was.
  ///
  /// Shapes: [N, C, H, W] in [−1, 1] → the same.
  func makingDefects(on clean: Tensor, where mask: DefectMask?) throws(TorchError) -> Tensor

  /// What tells defective surfaces from made ones.
  var defectDiscriminator: PatchDiscriminator { get }

  /// The network that translates in a direction; nil where none was trained for it.
  func generator(_ direction: TranslationDirection) -> ResNetGenerator?
}

extension DefectGenerator {
  /// How real the discriminator finds defective surfaces: the mean over its patches, 1 for real ones in training and 0 for made ones.
  ///
  /// Shapes: [N, C, H, W] in [−1, 1] → [N].
  public func realness(of defective: Tensor, where mask: DefectMask? = nil) throws(TorchError) -> Tensor {
    try defectDiscriminator(mask.behind(defective)).mean([1, 2, 3])
  }
}

/// Which way surfaces are translated.
public enum TranslationDirection: String, CaseIterable, Codable, Sendable {
  case cleanToDefect = "clean-to-defect"
  case defectToClean = "defect-to-clean"
}
