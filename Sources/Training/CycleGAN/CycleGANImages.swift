import Datasets
import Files
import Foundation
import Images

/// The files that a CycleGAN run trains on.
public struct CycleGANImages: Sendable {
  public let clean: [URL]
  public let defect: [URL]
  public let record: TrainingImages
  /// SHA-256 over names and contents.
  public let hash: String
  /// 1 when every image is grey, else 3.
  public let channels: Int

  /// Finds the training images of a source.
  ///
  /// Of a data set only its training split is ever used; one without splits is refused, because a study on it would leak.
  public init(_ source: CycleGANConfiguration.Source) throws {
    switch source {
    case .dataset(let path, let cleanName, let defectName):
      let dataset = try Dataset(at: URL(fileURLWithPath: path))
      for name in [cleanName, defectName] where !dataset.classNames.contains(name) {
        throw InputError(
          at: path, expected: "a class '\(name)'", found: dataset.classNames.joined(separator: ", "))
      }
      guard dataset.isSplit else {
        throw InputError(
          at: path, expected: "a data set with splits", found: "none", remedy: "Run `patina split \(path)` first")
      }
      func files(_ name: String) -> [(URL, String?)] {
        dataset.images(inClass: name, split: .train).filter { !$0.isSynthetic }
          .map { (dataset.url(of: $0), $0.group) }
      }
      try self.init(clean: files(cleanName), defect: files(defectName), place: path)
    case .folders(let a, let b):
      func files(_ folder: String) throws -> [(URL, String?)] { try Self.images(in: folder).map { ($0, nil) } }
      try self.init(clean: files(a), defect: files(b), place: "\(a) and \(b)")
    }
  }

  private init(
    clean: [(url: URL, group: String?)], defect: [(url: URL, group: String?)], place: String
  ) throws {
    guard !clean.isEmpty, !defect.isEmpty else {
      throw InputError(
        at: place, expected: "training images of both domains", found: "\(clean.count) clean, \(defect.count) defective"
      )
    }
    var isGrey = true
    func entry(_ url: URL, _ group: String?) throws -> TrainingImages.Entry {
      let data = try Image.data(of: url)
      if isGrey { isGrey = try Image(decoding: data, at: url.path).channels == 1 }
      return .init(file: url.lastPathComponent, sha256: ContentHash.sha256(data), group: group)
    }
    record = TrainingImages(clean: try clean.map(entry), defect: try defect.map(entry))
    self.clean = clean.map(\.url)
    self.defect = defect.map(\.url)
    hash = ContentHash.sha256(try JSONFile.encode(record))
    channels = isGrey ? 1 : 3
  }

  /// Image files of a folder in the order of their names; what is an image is decided by its first bytes.
  private static func images(in folder: String) throws -> [URL] {
    let url = URL(fileURLWithPath: folder)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw InputError(at: folder, expected: "a folder of images", found: "none that can be read")
    }
    return names.sorted().filter { !$0.hasPrefix(".") }.map { url.appendingPathComponent($0) }.filter { file in
      guard let handle = try? FileHandle(forReadingFrom: file) else { return false }
      defer { try? handle.close() }
      guard let start = try? handle.read(upToCount: 32) else { return false }
      return ImageFormat(magicBytesOf: start) != nil
    }
  }
}
