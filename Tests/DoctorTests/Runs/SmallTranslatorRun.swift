import Datasets
import Files
import Foundation
import Images
import Randomness
import TestFolders
import Training

extension TemporaryFolder {
  /// A data set of surfaces with stripes of their own and some noise; defective ones have a dark spot with its mask.
  ///
  /// - Parameter lots: whether labels of training images are drawn by lot.
  func spottedSurfaces(
    _ name: String = "set", perSplit: Int = 10, size: Int = 32, lots: Bool = false
  ) throws -> Dataset {
    let writer = try DatasetWriter(
      to: url.appendingPathComponent(name), description: "spotted surfaces", cleanName: "clean", categories: ["spot"])
    for split in [Split.train, .validation] {
      for index in 0..<2 * perSplit {
        var random = SeededGenerator(seed: 5, purpose: "\(name) \(split.rawValue)", index)
        let (light, across) = (90 + random.int(below: 90), 3 + random.int(below: 20))
        var bytes = (0..<size * size).map { place -> UInt8 in
          let wave = sin(Double(place % size + index) * 2 * .pi / Double(across)) * 30
          return UInt8(Double(light) + wave) + UInt8(random.int(below: 12))
        }
        var labels: [DatasetWriter.Label] = []
        if index % 2 == 1 {
          let (left, top) = (4 + random.int(below: size - 16), 4 + random.int(below: size - 16))
          var bits = [UInt8](repeating: 0, count: bytes.count)
          for y in top..<top + 8 {
            for x in left..<left + 8 {
              bits[y * size + x] = 1
              bytes[y * size + x] = UInt8(10 + random.int(below: 20))
            }
          }
          labels = [.init("spot", mask: Mask(width: size, height: size, bits: bits))]
        }
        if lots, split == .train {
          let middle = PixelBox(x: 8, y: 8, width: 8, height: 8)
          labels = random.bool() ? [.init("spot", box: middle)] : []
        }
        try writer.add(
          Image(width: size, height: size, bytes: bytes), as: "\(split.rawValue)-\(index).png", labels: labels,
          split: split, provenance: Provenance(source: "\(index)", group: "\(name) \(split.rawValue) \(index)"))
      }
    }
    return try writer.finish()
  }
}

/// Small runs to be examined.
struct SmallTranslatorRun {
  let folder: TemporaryFolder
  let dataset: Dataset

  init() throws {
    folder = try TemporaryFolder()
    dataset = try folder.spottedSurfaces()
  }

  /// - Returns: the run's folder.
  func cycleGAN(_ name: String = "run", masks: Bool = false, seed: UInt64 = 1, steps: Int = 150) throws -> URL {
    let path = dataset.folder.path
    let source =
      masks
      ? TrainingSource.classes(path: path, clean: "clean", defects: ["spot"])
      : .dataset(path: path, clean: "clean", defect: "spot")
    var settings = CycleGANConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), threads: 2)
    if masks {
      settings.setMaskDefaults()
      settings.masks = MaskSettings(masksHash: try DefectLibrary(of: source).hash)
    }
    (settings.filters, settings.discriminatorFilters, settings.blocks) = (8, 8, 2)
    (settings.batchSize, settings.poolSize, settings.learningRate) = (2, 8, 1e-3)
    settings.length = .steps(steps)
    (settings.sampleInterval, settings.checkpointInterval, settings.seed) = (max(steps / 5, 1), steps, seed)
    try CycleGANRun.start(settings, in: folder[name]).train()
    return folder[name]
  }

  func cut(steps: Int = 10) throws -> URL {
    let source = TrainingSource.dataset(path: dataset.folder.path, clean: "clean", defect: "spot")
    var settings = CUTConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), threads: 2)
    (settings.filters, settings.discriminatorFilters, settings.blocks, settings.loss.patches) = (4, 4, 5, 16)
    (settings.length, settings.sampleInterval) = (.steps(steps), 5)
    try CUTRun.start(settings, in: folder["cut"]).train()
    return folder["cut"]
  }
}
