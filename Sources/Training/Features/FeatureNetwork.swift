import Datasets
import Files
import Foundation
import Images
import Models
import Torch

/// The network by whose features sets of images are compared, out of a file that the user has.
public final class FeatureNetwork {
  /// What the features are, in words.
  public var name: String { "Inception (2015), \(featureCount) features" }
  /// SHA-256 of the weights' file.
  public let hash: String
  public var featureCount: Int { network.featureCount }
  private let network: Inception

  /// - Throws: `InputError` when the file is no safetensors file or holds other weights.
  public init(contentsOf url: URL) throws {
    let file = try Safetensors(contentsOf: url)
    do {
      network = try Inception(file.tensors())
    } catch let error as TorchError {
      throw InputError(
        at: url.path, expected: "the weights of Inception, up to 768 channels or whole (2048)", found: error.description
      )
    }
    hash = try ContentHash.sha256(contentsOf: url)
  }

  /// The features of image files, grey ones taken as colour, each resized to the network's side from its own size; with a
  /// transform, from the middle that the transform shows.
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
          Result { try Self.picture(batch[index], transform) }
        }
        let pixels = try images.map { try Self.pixels(of: $0.get()) }
        parts.append(try network.features(.concatenated(pixels)))
        progress(start + batch.count)
      }
      return try .concatenated(parts)
    }
  }

  /// The features of images as they would be written: rounded to 8 bits.
  ///
  /// Shapes: [N, 1 or 3, H, W] in [−1, 1] → [N, features].
  public func features(of images: Tensor) throws -> Tensor {
    try withoutGradients {
      try network.features(.concatenated(PixelBatch.images(of: images).map { try Self.pixels(of: $0.colour()) }))
    }
  }

  private static func picture(_ url: URL, _ transform: ImageTransform?) throws -> Image {
    let image = try transform?.central(url) ?? Image(contentsOf: url)
    return image.eightBit().colour()
  }

  /// Shapes: → [1, 3, side, side], 0 ... 255.
  private static func pixels(of image: Image) throws -> Tensor {
    try Tensor(image.bytes, shape: [1, image.height, image.width, 3]).permuted([0, 3, 1, 2]).converted(to: .float32)
      .resized(height: Inception.side, width: Inception.side)
  }
}
