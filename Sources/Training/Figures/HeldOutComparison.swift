import Datasets
import Files
import Foundation
import Torch

/// Compares what a translator makes of held-out clean images with held-out defective ones.
///
/// The real side's features are computed once, and kept in the run's folder for when it is resumed.
final class HeldOutComparison<Trainer: TranslatorTrainer> {
  /// Images of one pass.
  static var batchSize: Int { 16 }

  let loader: any TranslatorLoader<Trainer.Batch>
  private let network: FeatureNetwork
  private let batches: Int
  private let images: Int
  private let cache: URL
  private var real: Tensor?

  /// - Parameters:
  ///   - loader: of the held-out images alone, `batchSize` at a time.
  ///   - cache: where the real side's features may stand.
  init(
    loader: any TranslatorLoader<Trainer.Batch>, network: FeatureNetwork, images: Int, cache: URL
  ) {
    self.loader = loader
    self.network = network
    self.images = images
    self.cache = cache
    batches = (images + Self.batchSize - 1) / Self.batchSize
  }

  /// - Parameter seed: of the kernel distance's interval.
  func figures(of trainer: Trainer, seed: UInt64) throws -> TrainingFigures {
    let real = try realFeatures(of: trainer)
    let made = try features { try trainer.madeDefects(of: $0) }
    return TrainingFigures(step: trainer.step, try SetComparison(real: real, synthetic: made, seed: seed))
  }

  private func realFeatures(of trainer: Trainer) throws -> Tensor {
    if let real { return real }
    let shape = [images, network.featureCount]
    let key = "\(network.hash) \(trainer.configuration.imagesHash)"
    if FileManager.default.fileExists(atPath: cache.path) {
      let file = try Safetensors(contentsOf: cache)
      let kept = try file.tensors()["features"]
      if file.metadata["of"] == key, let kept, kept.shape == shape {
        real = kept
        return kept
      }
    }
    let computed = try features { try trainer.realDefects(of: $0) }
    try Safetensors.write(["features": computed], metadata: ["of": key], to: cache)
    real = computed
    return computed
  }

  /// Of `images` images in all. Shapes: → [images, features].
  private func features(_ pictures: (Trainer.Batch) throws -> Tensor) throws -> Tensor {
    try withoutGradients {
      let parts = try (0..<batches).map { try network.features(of: pictures(loader.batch(step: $0))) }
      return try Tensor.concatenated(parts).sliced(0, 0..<images)
    }
  }
}
