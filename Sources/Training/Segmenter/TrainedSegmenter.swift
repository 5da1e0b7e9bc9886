import Datasets
import Files
import Foundation
import Images
import Metrics
import Models
import Torch

/// A trained segmenter, opened to say of each pixel what it shows.
public final class TrainedSegmenter {
  public let configuration: SegmenterRunConfiguration
  /// SHA-256 of the weights' file.
  public let modelHash: String
  public let trainingImages: TrainingImages
  private let model: UNet

  /// The clean class, then the defects.
  public var classNames: [String] { configuration.source.classNames }

  /// - Throws: `InputError` when there is no such run, it is not finished, or its weights do not fit.
  public init(run url: URL) throws {
    let run = try TrainedRun<SegmenterRunConfiguration>(url, kind: SegmenterTrainer.kind)
    configuration = run.configuration
    modelHash = run.modelHash
    trainingImages = run.trainingImages
    model = try configuration.model(generator: Generator(seed: 0))
    try run.load(into: model)
  }

  /// What a segmenter says of one image.
  public struct Answer: Sendable {
    /// [H · W]: the most likely class of each pixel, a position in `classNames`.
    public let labels: [UInt8]
    /// For each class its probabilities [H · W].
    public let planes: [[Float]]
    /// For each class how likely the image shows it: the mean of its highest 0.1 % of probabilities, of at least 10 pixels.
    ///
    /// One pixel alone would be noise, and the mean of all is nothing but size. For class 0 it is of what is no background.
    public let scores: [Double]
  }

  /// The answer for a whole image of any size.
  public func answer(for image: Image) throws -> Answer {
    try model.answer(for: image, channels: configuration.channels)
  }

  /// The figures of a whole set, an image at a time.
  ///
  /// - Parameter each: called after each image with how many are done, and what was said of it.
  public func figures(
    of images: LabelledImages, each: (Int, LabelledImages.Item, Image, Answer) throws -> Void = { _, _, _, _ in }
  ) throws -> SegmenterFigures {
    var tally = SegmenterTally(classNames: images.classNames)
    for (index, item) in images.items.enumerated() {
      let image = try item.pixels(channels: configuration.channels)
      let answer = try answer(for: image)
      try tally.add(item, answer)
      try each(index + 1, item, image, answer)
    }
    return try tally.figures()
  }
}

extension UNet {
  /// What it says of each pixel of a whole image of any size.
  ///
  /// - Parameter type: of the arithmetic.
  func answer(
    for image: Image, channels: Int, type: DataType = .float32, on device: Device = .cpu
  ) throws -> TrainedSegmenter.Answer {
    let image = try channels == 1 ? image.eightBit().grey() : image.eightBit().colour()
    return try withoutGradients {
      let logits = try withAutocast(type, on: device) { try self(PixelBatch([image]).tensor(on: device)) }
      let probabilities = try logits.converted(to: .float32).softmax(1).selected(0, 0)  // [K, H, W]
      let classes = probabilities.shape[0]
      let labels = try probabilities.argmax(0).converted(to: .uint8).elements(as: UInt8.self)
      let pixels = image.width * image.height
      let rows = try probabilities.reshaped([classes, pixels])
      let highest = min(pixels, max(10, pixels / 1000))
      let scores = try (0..<classes).map { label in
        let plane = try rows.selected(0, label)
        return try (label == 0 ? 1 - plane : plane).topK(highest, 0).values.mean().item()
      }
      let values = try rows.floats()
      return TrainedSegmenter.Answer(
        labels: labels, planes: (0..<classes).map { Array(values[$0 * pixels..<($0 + 1) * pixels]) }, scores: scores)
    }
  }
}
