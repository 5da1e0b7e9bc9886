import Datasets
import Files
import Foundation
import Images
import Models
import Torch

/// The network by whose features sets of images are compared: Inception out of a file that the user has, or a classifier that
/// the user has trained.
public final class FeatureNetwork {
  /// What the features are, in words.
  public let name: String
  /// SHA-256 of the weights' file.
  public let hash: String
  public let featureCount: Int
  private let network: Network

  private enum Network {
    /// Sees colour images of its own side, whatever their shape was.
    case inception(Inception)
    /// Sees the middle of images, as it did when it learned.
    case classifier(ResNet18, ImageTransform)
  }

  /// - Parameter url: a safetensors file with Inception, or the folder of a run of `train classifier`.
  /// - Throws: `InputError` when there is neither, or it holds other weights.
  public init(contentsOf url: URL) throws {
    guard !Self.isRun(url) else {
      let classifier = try TrainedClassifier(run: url)
      network = .classifier(classifier.model, classifier.configuration.transform)
      featureCount = 8 * classifier.configuration.classifier.width
      hash = classifier.modelHash
      let sets = classifier.configuration.source.paths.map { URL(fileURLWithPath: $0).lastPathComponent }
      name =
        "ResNet-18 trained on \(sets.joined(separator: " + ")) (weights \(hash.prefix(12))), \(featureCount) features"
      return
    }
    let file = try Safetensors(contentsOf: url)
    let inception: Inception
    do {
      inception = try Inception(file.tensors())
    } catch let error as TorchError {
      throw InputError(
        at: url.path, expected: "the weights of Inception, up to 768 channels or whole (2048)", found: error.description
      )
    }
    network = .inception(inception)
    featureCount = inception.featureCount
    name = "Inception (2015), \(featureCount) features"
    hash = try ContentHash.sha256(contentsOf: url)
  }

  /// The `hash` of the network at a place, without opening it.
  ///
  /// - Throws: `InputError` where there is none.
  public static func hash(of url: URL) throws -> String {
    let file = isRun(url) ? url.appendingPathComponent(RunWeights.finalName) : url
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw InputError(
        at: url.path, expected: "a safetensors file with the features' network, or the folder of a trained classifier",
        found: isRun(url) ? "no \(RunWeights.finalName) in it" : "no file")
    }
    return try ContentHash.sha256(contentsOf: file)
  }

  private static func isRun(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// The features of image files, each from its own size: by Inception resized to its side, grey ones taken as colour; by a
  /// classifier as it was trained to see them. With a transform, of the middle that the transform shows.
  ///
  /// Shapes: → [N, features].
  public func features(
    of files: [URL], transform: ImageTransform? = nil, batchSize: Int = 16, progress: (Int) -> Void = { _ in }
  ) throws -> Tensor {
    try withoutGradients {
      var parts: [Tensor] = []
      for start in stride(from: 0, to: files.count, by: batchSize) {
        let batch = Array(files[start..<min(start + batchSize, files.count)])
        let images = parallelMap(count: batch.count, threads: Runtime.threadCount) { index in
          Result { try transform?.central(batch[index]) ?? Image(contentsOf: batch[index]) }
        }
        parts.append(try features(of: images.map { try $0.get() }))
        progress(start + batch.count)
      }
      return try .concatenated(parts)
    }
  }

  /// The features of images as they would be written: rounded to 8 bits.
  ///
  /// Shapes: [N, 1 or 3, H, W] in [−1, 1] → [N, features].
  public func features(of images: Tensor) throws -> Tensor {
    try withoutGradients { try features(of: PixelBatch.images(of: images)) }
  }

  private func features(of images: [Image]) throws -> Tensor {
    switch network {
    case .inception(let inception):
      try inception.features(.concatenated(images.map { try Self.pixels(of: $0.eightBit().colour()) }))
    case .classifier(let classifier, let transform):
      try classifier.features(PixelBatch(images.map { try transform.central($0) }).tensor())
    }
  }

  /// Shapes: → [1, 3, side, side], 0 ... 255.
  private static func pixels(of image: Image) throws -> Tensor {
    try Tensor(image.bytes, shape: [1, image.height, image.width, 3]).permuted([0, 3, 1, 2]).converted(to: .float32)
      .resized(height: Inception.side, width: Inception.side)
  }
}
