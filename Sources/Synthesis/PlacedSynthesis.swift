import Datasets
import Files
import Foundation
import Images

/// Writes a labelled data set of clean training images with defects made on them, each with its class and mask.
///
/// Every image carries the clean image, who made the defect, and of a real shape where it was taken from.
public struct PlacedSynthesis<Maker: DefectMaker> {
  public let maker: Maker
  public let places: DefectPlaces
  let threads: Int

  /// Images that are in memory at a time.
  private static var batchSize: Int { 16 }

  /// - Parameter shapes: of the training split of `dataset`.
  /// - Throws: `InputError` when the data set is not split, or its training split has no clean images.
  public init(
    _ maker: Maker, on dataset: Dataset, shapes: any DefectShapes, placer: DefectPlacer, seed: UInt64, threads: Int = 2
  ) throws {
    self.maker = maker
    self.threads = threads
    places = try DefectPlaces(
      on: dataset, shapes: shapes, placer: placer, window: maker.windowSize.map { ($0, maker.reach) }, seed: seed)
  }

  /// Makes `count` images and writes them as a data set of their own, all in the training split.
  ///
  /// - Parameter progress: called with the number of images done.
  @discardableResult
  public func synthesize(
    count: Int, to folder: URL, replacing: Bool = false, progress: (Int) -> Void = { _ in }
  ) throws -> Dataset {
    let writer = try writer(count: count, to: folder, replacing: replacing)
    try make(count: count) { range, made in
      for image in made {
        let placed = image.placed
        try writer.add(
          file: image.file, width: placed.clean.width, height: placed.clean.height, as: image.name,
          labels: [.init(placed.placement.category, mask: placed.placement.mask)], split: .train,
          provenance: image.provenance)
      }
      progress(range.upperBound)
      return true
    }
    return try writer.finish()
  }

  func writer(count: Int, to folder: URL, replacing: Bool) throws -> DatasetWriter {
    guard count > 0 else { throw InputError(at: "count", expected: "at least 1", found: "\(count)") }
    let classes = places.shapes.classNames
    return try DatasetWriter(
      to: folder, description: "\(count) synthetic images of \(classes.joined(separator: ", "))",
      cleanName: places.dataset.cleanName, categories: classes, replacing: replacing)
  }

  /// Makes the images, some at a time, and hands them on in order for as long as `take` says that more are wanted.
  func make(count: Int, take: (Range<Int>, [MadeImage]) throws -> Bool) throws {
    for start in stride(from: 0, to: count, by: Self.batchSize) {
      let range = start..<min(start + Self.batchSize, count)
      let placed = try parallelMap(count: range.count, threads: threads) { [places] index in
        Result { try places.defect(start + index) }
      }.map { try $0.get() }
      let images = try maker.images(of: placed)
      let files = try parallelMap(count: images.count, threads: threads) { index in
        Result { try images[index].encoded(as: .png) }
      }.map { try $0.get() }
      let made = zip(range, zip(zip(images, files), placed)).map { index, made in
        let ((pixels, file), placed) = made
        return MadeImage(
          pixels: pixels, file: file, name: SyntheticName.file(index, of: placed.source), placed: placed,
          provenance: Provenance(
            source: placed.source.fileName, group: placed.source.group, synthetic: synthetic(placed)))
      }
      guard try take(range, made) else { return }
    }
  }

  private func synthetic(_ placed: PlacedDefect) -> Provenance.Synthetic {
    let placement = placed.placement
    return Provenance.Synthetic(
      model: maker.model, seed: places.seed, step: maker.step, source: placed.source.fileName,
      sourceSplit: Split.train.rawValue,
      defectSource: placement.shape.origin.map {
        Provenance.DefectSource(
          source: $0.fileName, instance: $0.instance, angle: placement.angle, scale: placement.scale,
          mirrored: placement.isMirrored)
      })
  }
}
