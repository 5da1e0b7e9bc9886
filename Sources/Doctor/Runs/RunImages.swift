import Datasets
import Files
import Foundation
import Models
import Torch
import Training

/// Images that a translator's run is examined on.
public struct RunImages {
  /// Up to 16 of each domain, with masks where the run has them.
  public var batch: TranslatorBatch
  /// Which they are, in words.
  public var name: String
  /// Whether the run has not learned from them.
  public var isHeldOut: Bool
  /// Defective images that it learned from, in their middles: [N, C, H, W].
  public var trainingDefects: Tensor
  /// Others, which it has not learned from; nil where there are too few.
  public var heldOutDefects: Tensor?

  public init(
    batch: TranslatorBatch, name: String, isHeldOut: Bool, trainingDefects: Tensor, heldOutDefects: Tensor? = nil
  ) {
    self.batch = batch
    self.name = name
    self.isHeldOut = isHeldOut
    self.trainingDefects = trainingDefects
    self.heldOutDefects = heldOutDefects
  }

  /// Images of each domain.
  static let count = 16
  /// Images compared with one another.
  private static let most = 128

  /// Of the source of a run's configuration: the validation split where it has clean and defective images, otherwise what the
  /// run learned from.
  ///
  /// - Throws: `CannotCheck` where the images are not there any longer, or are others.
  init(of configuration: any TranslatorConfiguration) throws {
    let images: UnpairedImages
    do {
      images = try UnpairedImages(configuration.source)
    } catch {
      throw CannotCheck("its training images cannot be read: \(error)")
    }
    guard images.hash == configuration.imagesHash else {
      throw CannotCheck("its training images have changed since it began")
    }
    guard images.clean.count > 1 else { throw CannotCheck("one clean image is too few") }
    do {
      let held = try Self.validationFiles(configuration.source)
      let files = held ?? images.files
      batch = try Self.batch(files, configuration)
      name = held == nil ? "training images" : "the validation split"
      isHeldOut = held != nil
      trainingDefects = try Self.middles(of: images.defect, configuration.transform)
      heldOutDefects = try held.flatMap { held in
        held.defect.count < SetComparison.leastImages
          ? nil : try Self.middles(of: held.defect, configuration.transform)
      }
    } catch let error as InputError {
      throw CannotCheck("its images cannot be used: \(error)")
    }
  }

  /// nil where the source has no validation split with both domains.
  private static func validationFiles(_ source: TrainingSource) throws -> UnpairedFiles? {
    let (path, clean, defects): (String, String, [String])
    switch source {
    case .dataset(let place, let name, let defect): (path, clean, defects) = (place, name, [defect])
    case .classes(let place, let name, let names): (path, clean, defects) = (place, name, names)
    case .folders: return nil
    }
    let dataset = try Dataset(at: URL(fileURLWithPath: path))
    func files(_ classNames: [String]) -> FileList {
      FileList(
        classNames.flatMap { dataset.images(inClass: $0, split: .validation) }.filter { !$0.isSynthetic }
          .map { dataset.url(of: $0) })
    }
    let found = UnpairedFiles(clean: files([clean]), defect: files(defects))
    return found.clean.count > 1 && !found.defect.isEmpty ? found : nil
  }

  private static func batch(
    _ files: UnpairedFiles, _ configuration: any TranslatorConfiguration
  ) throws -> TranslatorBatch {
    let samples: UnpairedBatch
    if let masks = configuration.masks, case .classes(let path, _, let classNames) = configuration.source {
      // Masks are those of the training split, wherever the clean images are from: others were never asked for.
      samples = try MaskedLoader(
        clean: files.clean, dataset: Dataset(at: URL(fileURLWithPath: path)),
        library: DefectLibrary(of: configuration.source),
        classNames: classNames, transform: configuration.transform, feather: masks.feather, batchSize: count,
        seed: configuration.seed
      ).samples(count)
    } else {
      samples = try UnpairedLoader(
        a: files.clean, b: files.defect, transform: configuration.transform, batchSize: count, seed: configuration.seed
      ).samples(count)
    }
    return try TranslatorBatch(samples, on: .cpu)
  }

  /// Evenly over the list. Shapes: → [N, C, size, size].
  private static func middles(of files: FileList, _ transform: ImageTransform) throws -> Tensor {
    let count = min(files.count, most)
    return try PixelBatch((0..<count).map { try transform.central(files[$0 * files.count / count]) }).tensor()
  }
}
