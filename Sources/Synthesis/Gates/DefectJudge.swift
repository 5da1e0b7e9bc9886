import Datasets
import Images

/// A trained network that says how sure it is of made defects, and of the real ones of each class.
public protocol DefectJudge {
  /// The gate that asks it.
  var gate: Gate { get }
  /// In reasons, such as "the classifier".
  var name: String { get }

  /// What it thinks of the real training images of a class; nil where it knows none.
  func range(of category: String) -> OpinionRange?

  /// Of each image with a defect, how sure it is of it.
  func scores(of images: [Image], _ placements: [DefectPlacement]) throws -> [Double]
}

extension DefectJudge {
  /// Why a defect is refused; nil where it is not.
  func reason(against score: Double, in category: String) -> String? {
    range(of: category)?.reason(against: score, by: "\(name) gives \(category)")
  }

  /// How far from usual a score is, in a class that it knows.
  func oddity(of score: Double, in category: String) -> Double? {
    range(of: category).map { abs(score - $0.median) }
  }
}
