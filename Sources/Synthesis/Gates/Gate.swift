/// What a made image is judged by. The order is that of judgement: the first gate that refuses names the reason.
public enum Gate: String, CaseIterable, Codable, Sendable {
  /// Nothing farther from the mask than the maker's reach differs from the clean image.
  case change
  /// The mask's pixels changed: where hardly anything did, there is no defect under the label.
  case agreement
  /// The defect is no copy of a training defect.
  case memory
  /// The mask's rim shows no other edge than those of real defects do.
  case seam
  /// A classifier is as sure of the defect's class as of nine real training images in ten.
  case opinion
  /// A translator's discriminator finds the defect as real as nine real training defects in ten.
  case discriminator
}
