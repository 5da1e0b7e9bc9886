import Layers
import Torch

/// Where a defect is or shall be, softly, and of which class: what a translator can be conditioned on.
///
/// A translation with a mask changes nothing but what the mask covers, by construction: it is blended with the image that the
/// translator was given. Where the mask is 0 the result is that image, number for number.
public struct DefectMask {
  /// A plane for each class. [N, classes, H, W] in 0 ... 1: 1 within the defect, falling to 0 around it.
  public let planes: Tensor
  /// How much of the translation counts: the largest plane. [N, 1, H, W].
  public let weight: Tensor

  public init(_ planes: Tensor) throws(TorchError) {
    self.planes = planes
    weight = planes.shape[1] == 1 ? planes : try planes.max([1], keep: true)
  }

  /// The image with the planes behind its channels: what networks see.
  ///
  /// Shapes: [N, C, H, W] → [N, C + classes, H, W].
  public func behind(_ image: Tensor) throws(TorchError) -> Tensor { try .concatenated([image, planes], 1) }

  /// `translation` where the mask is 1, `image` where it is 0, and in between a mixture.
  ///
  /// Not `image + (translation − image) × weight`, which would round where nothing changes or everything does.
  public func blended(_ translation: Tensor, into image: Tensor) throws(TorchError) -> Tensor {
    try image * (1 - weight) + translation * weight
  }

  /// Left to right.
  func mirrored() throws(TorchError) -> DefectMask { try DefectMask(planes.flipped([3])) }

  /// The mean absolute difference over what the mask covers, of two images that are the same elsewhere. A mean over the
  /// whole image would say how large the mask is.
  func l1Loss(_ prediction: Tensor, _ target: Tensor) throws(TorchError) -> Tensor {
    try Layers.l1Loss(prediction, target) / weight.mean().clamped(Self.leastCover, 1)
  }

  /// Of the image's area; what is smaller counts less.
  private static let leastCover = 1e-3
}

/// The masks of a batch of clean and one of defective images.
public struct DefectMasks {
  /// Where defects shall be made on the clean images.
  public let clean: DefectMask
  /// Where the defective images have theirs.
  public let defect: DefectMask

  public init(clean: DefectMask, defect: DefectMask) {
    self.clean = clean
    self.defect = defect
  }
}

extension DefectMask? {
  /// What a network sees of an image: with the mask, if there is one.
  func behind(_ image: Tensor) throws(TorchError) -> Tensor {
    guard let self else { return image }
    return try self.behind(image)
  }

  /// A translation, blended into its image if there is a mask.
  func blended(_ translation: Tensor, into image: Tensor) throws(TorchError) -> Tensor {
    guard let self else { return translation }
    return try self.blended(translation, into: image)
  }

  /// The mean absolute difference, over what the mask covers if there is one.
  func l1Loss(_ prediction: Tensor, _ target: Tensor) throws(TorchError) -> Tensor {
    guard let self else { return try Layers.l1Loss(prediction, target) }
    return try self.l1Loss(prediction, target)
  }
}
