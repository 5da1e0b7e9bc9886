import Datasets
import Files
import Images
import Training

/// What a trained classifier thinks of images, and what it thinks of the real ones of each class.
///
/// It sees whole images. Of what it was trained on it is surer than of anything new, so the bar is higher than real images
/// that it has not seen would set it.
public struct ClassOpinion: DefectJudge {
  public let gate = Gate.opinion
  public let name = "the classifier"

  private let classifier: TrainedClassifier
  private let ranges: [String: OpinionRange]

  /// - Throws: `InputError` when the classifier does not know a class, learned from what `dataset` holds out, or there are no
  ///   real training images of a class.
  public init(_ classifier: TrainedClassifier, on dataset: Dataset, classes: [String]) throws {
    for split in [Split.validation, .test] { try classifier.trainingImages.checkHeldOut(dataset, split) }
    self.classifier = classifier
    var ranges: [String: OpinionRange] = [:]
    for name in classes {
      guard let label = classifier.classNames.dropFirst().firstIndex(of: name) else {
        throw InputError(
          at: "gate opinion", expected: "a classifier that knows \(name)",
          found: "one of \(classifier.classNames.joined(separator: ", "))")
      }
      let real = dataset.images(inClass: name, split: .train).filter { !$0.isSynthetic }
      guard !real.isEmpty else {
        throw InputError(at: dataset.folder.path, expected: "real training images of \(name)", found: "none")
      }
      ranges[name] = OpinionRange(try classifier.scores(of: real.map { dataset.url(of: $0) }).map { $0[label] })
    }
    self.ranges = ranges
  }

  public func range(of category: String) -> OpinionRange? { ranges[category] }

  /// How likely each image shows its category.
  public func scores(of images: [Image], _ placements: [DefectPlacement]) throws -> [Double] {
    try scores(of: images, placements.map(\.category))
  }

  func scores(of images: [Image], _ categories: [String]) throws -> [Double] {
    try zip(classifier.scores(of: images), categories).map { scores, category in
      classifier.classNames.firstIndex(of: category).map { scores[$0] } ?? 0
    }
  }
}
