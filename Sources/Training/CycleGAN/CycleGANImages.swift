import Datasets
import Files
import Foundation
import Images

/// The files that a CycleGAN run trains on, and a hash over them.
public struct CycleGANImages: Sendable {
  public let clean: [URL]
  public let defect: [URL]
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
      func files(_ name: String) -> [URL] {
        dataset.images(inClass: name, split: .train).filter { !$0.isSynthetic }.map { dataset.url(of: $0) }
      }
      try self.init(clean: files(cleanName), defect: files(defectName), place: path)
    case .folders(let a, let b):
      try self.init(clean: Self.images(in: a), defect: Self.images(in: b), place: "\(a) and \(b)")
    }
  }

  private init(clean: [URL], defect: [URL], place: String) throws {
    guard !clean.isEmpty, !defect.isEmpty else {
      throw InputError(
        at: place, expected: "training images of both domains", found: "\(clean.count) clean, \(defect.count) defective")
    }
    self.clean = clean
    self.defect = defect
    var listing = ""
    var isGrey = true
    for url in clean + defect {
      let data = try Image.data(of: url)
      listing += "\(url.lastPathComponent) \(ContentHash.sha256(data))\n"
      if isGrey { isGrey = try Image(decoding: data, at: url.path).channels == 1 }
    }
    hash = ContentHash.sha256(Data(listing.utf8))
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
