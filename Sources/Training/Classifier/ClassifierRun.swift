import Datasets
import Files
import Models
import Torch

/// A classifier's run in its folder.
public typealias ClassifierRun = SupervisedRun<ClassifierTrainer>

/// Everything that decides a run of a classifier: what it learns from, how images are shown, and the training.
public struct ClassifierRunConfiguration: SupervisedConfiguration {
  public var source: LabelledSource
  /// By default both sides are brought to `size`: a defect near an edge is part of the label, so it has to be seen.
  public var transform: ImageTransform
  public var sampling = LabelledLoader.Sampling.natural
  public var augmentation = Augmentation.none
  public var classifier = ClassifierConfiguration()
  public var seed: UInt64 = 0
  public var threads: Int
  public var device: String?
  public var checkpointInterval = 100

  public var steps: Int { classifier.steps }

  public init(source: LabelledSource, size: Int, channels: Int, threads: Int) {
    self.source = source
    transform = ImageTransform(size: size, loadSize: size, channels: channels, flips: false, fit: .stretch)
    self.threads = threads
  }

  public func check() throws {
    try checkCommon()
    try classifier.check(at: "classifier")
    try require((16...4096).contains(transform.size), "size", "16 to 4096", transform.size)
    try require([1, 3].contains(transform.channels), "channels", "1 or 3", transform.channels)
  }

  func model(generator: Generator) throws -> ResNet18 {
    try ResNet18(
      channels: transform.channels, classes: source.classNames.count, width: classifier.width, stem: classifier.stem,
      generator: generator)
  }
}

extension ClassifierTrainer: SupervisedTrainer {
  public static var kind: String { "classifier" }

  public convenience init(_ configuration: ClassifierRunConfiguration, on images: LabelledImages) throws {
    try configuration.check()
    guard images.counts[0] > 0 else {
      throw InputError(
        at: configuration.source.paths.joined(separator: " and "),
        expected: "training images of '\(images.classNames[0])'", found: "none",
        remedy: "Give the data set that the defects were made from as well")
    }
    let loader = try LabelledLoader(
      samples: images.items.map { .init(url: $0.url, label: $0.label) }, transform: configuration.transform,
      augmentation: configuration.augmentation, sampling: configuration.sampling,
      batchSize: configuration.classifier.batchSize, seed: configuration.seed)
    try self.init(
      configuration.classifier, loader: loader, classes: images.classNames.count, seed: configuration.seed,
      device: configuration.chosenDevice())
  }
}
