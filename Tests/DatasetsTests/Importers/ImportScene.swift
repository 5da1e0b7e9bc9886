import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// A source folder and the data set that comes out of it.
struct ImportScene {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  var source: URL { temporary["src"] }
  var destination: URL { temporary["set"] }

  func write(_ image: Image, _ name: String, as format: ImageFormat = .png) throws {
    try temporary.write(image, "src/" + name, as: format)
  }

  func write(_ text: String, _ name: String) throws { try temporary.write(text, "src/" + name) }

  func write(_ data: Data, _ name: String) throws { try temporary.write(data, "src/" + name) }

  @discardableResult
  func run(_ importer: some Importer, from file: String? = nil, window: ClosedRange<Int>? = nil) throws -> ImportSummary {
    try ImportRun(
      from: file.map { temporary["src/" + $0] } ?? source, to: destination, isReplacing: true, window: window
    ).run(importer)
  }

  func set() throws -> Dataset { try Dataset(at: destination) }

  func image(_ name: String) throws -> DatasetImage {
    try #require(try set().images.first { $0.fileName == name }, "no image \(name)")
  }

  /// The class and box of each annotation of an image.
  func boxes(_ name: String) throws -> [String] {
    let set = try set()
    return try image(name).annotations.map { annotation in
      let name = set.categories.first { $0.id == annotation.categoryID }?.name ?? "?"
      let box = annotation.box
      return "\(name) \(box.x) \(box.y) \(box.width) \(box.height)"
    }
  }
}

/// Text with Windows' line ends behind a byte-order mark.
func asWindowsWrites(_ text: String) -> Data {
  Data([0xef, 0xbb, 0xbf]) + Data(text.replacing("\n", with: "\r\n").utf8)
}
