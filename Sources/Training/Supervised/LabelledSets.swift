import Datasets
import Files
import Foundation
import Images

/// The training splits of one or several data sets, real or synthetic, with a class for each image. Making one reads every
/// file once.
public struct LabelledSets: Sendable {
  public let datasets: [Dataset]
  public let images: LabelledImages
  public let source: LabelledSource
  public let record: TrainingImages
  /// 1 when every image is grey, else 3.
  public let channels: Int

  /// - Parameter defects: the classes; nil takes all, data set by data set, each once.
  /// - Throws: `InputError` when a data set is not split, a class of defects has no image, a file is not the one that was written,
  ///   or an image is held out by one of the data sets, itself, by its group or by what it was made from.
  public init(_ datasets: [Dataset], defects: [String]? = nil) throws {
    let known = LabelledImages.defectNames(of: datasets)
    for name in defects ?? [] where !known.contains(name) {
      throw InputError(
        at: datasets.map(\.folder.path).joined(separator: " and "),
        expected: "defects among \(known.joined(separator: ", "))", found: "'\(name)'")
    }
    let images = try LabelledImages(datasets, defects: defects ?? known, split: .train)
    // Clean images may be missing: around a mask there is enough that is clean. Classifiers ask for them themselves.
    for (name, count) in zip(images.classNames, images.counts).dropFirst() where count == 0 {
      throw InputError(
        at: datasets.map(\.folder.path).joined(separator: " and "),
        expected: "training images of '\(name)'", found: "none",
        remedy: "Leave the class out, or split again")
    }
    let files = try Self.read(images)
    let entries = zip(images.items, files).map { item, file in
      let synthetic = item.image.provenance.synthetic
      return (
        item.label,
        TrainingImages.Entry(
          file: item.image.fileName, sha256: file.digest, group: item.image.group,
          madeFrom: synthetic.map { [$0.source] + ($0.defectSource.map { [$0.source] } ?? []) })
      )
    }
    self.datasets = datasets
    self.images = images
    record = TrainingImages(
      clean: entries.filter { $0.0 == 0 }.map(\.1), defect: entries.filter { $0.0 != 0 }.map(\.1))
    let listing = images.items.map { "\(images.classNames[$0.label])\t\($0.image.fileName)\t\($0.image.group)" }
    source = LabelledSource(
      paths: datasets.map { $0.folder.standardizedFileURL.path }, classNames: images.classNames,
      hash: ContentHash.sha256(Data(listing.joined(separator: "\n").utf8) + (try record.json())))
    channels = files.allSatisfy(\.isGrey) ? 1 : 3
    for dataset in datasets {
      for split in [Split.validation, .test] { try record.checkHeldOut(dataset, split) }
    }
  }

  /// The data sets and classes that a run was trained on.
  public init(_ source: LabelledSource) throws {
    try self.init(
      source.paths.map { try Dataset(at: URL(fileURLWithPath: $0)) }, defects: Array(source.classNames.dropFirst()))
  }

  /// Reads every file on all cores.
  private static func read(_ images: LabelledImages) throws -> [(digest: ContentDigest, isGrey: Bool)] {
    try parallelMap(count: images.items.count, threads: ProcessInfo.processInfo.activeProcessorCount) { index in
      Result {
        let item = images.items[index]
        let data = try FileBytes.all(of: item.url.path)
        let digest = ContentHash.digest(data)
        guard digest.description == item.image.provenance.sha256 else {
          throw InputError(
            at: item.url.path, expected: "the file that was imported", found: "another content",
            remedy: "Import the data set again")
        }
        let image = try EncodedImage(data, at: item.url.path)
        return (digest, try (image.header.jpegChannels ?? image.decoded().channels) == 1)
      }
    }.map { try $0.get() }
  }
}
