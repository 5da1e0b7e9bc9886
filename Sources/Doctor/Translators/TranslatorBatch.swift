import Models
import Torch

/// Images of both domains as they go into a translator's networks.
public struct TranslatorBatch {
  /// [N, C, H, W] in [−1, 1].
  public let clean: Tensor
  /// [M, C, H, W] in [−1, 1].
  public let defect: Tensor
  /// nil where whole images are translated.
  public let masks: DefectMasks?

  public init(clean: Tensor, defect: Tensor, masks: DefectMasks? = nil) {
    self.clean = clean
    self.defect = defect
    self.masks = masks
  }

  /// What a direction begins with.
  func source(_ direction: TranslationDirection) -> Tensor { direction == .cleanToDefect ? clean : defect }

  /// Where a direction's images change.
  func mask(_ direction: TranslationDirection) -> DefectMask? {
    direction == .cleanToDefect ? masks?.clean : masks?.defect
  }

  /// The first image of each domain.
  func first() throws -> TranslatorBatch {
    TranslatorBatch(
      clean: try clean.sliced(0, 0..<1), defect: try defect.sliced(0, 0..<1),
      masks: try masks.map {
        DefectMasks(
          clean: try DefectMask($0.clean.planes.sliced(0, 0..<1)),
          defect: try DefectMask($0.defect.planes.sliced(0, 0..<1)))
      })
  }

  /// Two batches as one.
  func joined(to other: TranslatorBatch) throws -> TranslatorBatch {
    func planes(_ one: DefectMask, _ two: DefectMask) throws -> DefectMask {
      try DefectMask(.concatenated([one.planes, two.planes]))
    }
    var joined: DefectMasks?
    if let masks, let others = other.masks {
      joined = DefectMasks(
        clean: try planes(masks.clean, others.clean), defect: try planes(masks.defect, others.defect))
    }
    return TranslatorBatch(
      clean: try .concatenated([clean, other.clean]), defect: try .concatenated([defect, other.defect]), masks: joined)
  }
}
