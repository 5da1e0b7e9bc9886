import Layers
import Torch

/// Cross-entropy of all pixels plus the soft Dice loss of the defect classes.
///
/// Cross-entropy learns each pixel's class, and is content with background where a defect has few pixels; Dice (Milletari et
/// al., 3DV 2016, without the squares of its equation for D) is a share of the defect's own pixels, and does not see
/// the background at all.
public struct SegmentationLoss: Codable, Equatable, Sendable {
  /// Of the cross-entropy.
  public var crossEntropy = 1.0
  /// Of the Dice loss.
  public var dice = 1.0
  /// Factors on the cross-entropy of each class's pixels, the background's first; nil for equal ones.
  public var classWeights: [Double]?

  public init() {}

  /// The weighted sum, every pixel counted.
  ///
  /// Dice is pooled over the batch: each class is one set of pixels, 1 − (2 Σ p·t + 1) / (Σ p + Σ t + 1), and the mean is
  /// over the defect classes. Per image, those without a class would each say that it be absent, as loud as the one that
  /// shows it says where it is.
  /// Shapes: logits [N, K, H, W], int64 target [N, H, W] in 0 ..< K → [].
  public func callAsFunction(_ logits: Tensor, _ target: Tensor) throws(TorchError) -> Tensor {
    let classes = logits.shape[1]
    let weight: Tensor? =
      if let classWeights { try Tensor(classWeights).converted(to: logits.type) } else { nil }
    let first = try crossEntropyLoss(logits, target, weight: weight) * crossEntropy
    guard dice > 0 else { return first }
    let truth = try target.oneHot(classes: classes).permuted([0, 3, 1, 2]).converted(to: logits.type)  // [N, K, H, W]
    return try first + softDiceLoss(pooled(logits.softmax(1)), pooled(truth)) * dice
  }

  /// The defect classes, with the batch's pixels in one row each. Shapes: [N, K, H, W] → [1, K − 1, N·H, W].
  private func pooled(_ planes: Tensor) throws(TorchError) -> Tensor {
    let shape = planes.shape
    return try planes.sliced(1, 1..<shape[1]).permuted([1, 0, 2, 3])
      .reshaped([1, shape[1] - 1, shape[0] * shape[2], shape[3]])
  }
}
