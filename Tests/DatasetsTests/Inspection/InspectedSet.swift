import Foundation
import Images
import Randomness
import Runs
import TestFolders

@testable import Datasets

/// A small data set made for a test of the inspection.
struct InspectedSet {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  var folder: URL { temporary["set"] }

  func write(categories: [String] = ["Hole"], _ add: (DatasetWriter) throws -> Void) throws {
    let writer = try DatasetWriter(
      to: folder, description: "A test", cleanName: "Free", categories: categories, replacing: true)
    try add(writer)
    _ = try writer.finish()
  }

  func inspect(threads: Int = 2, seed: UInt64 = 0) throws -> InspectionRecord {
    DatasetInspector(threads: threads, seed: seed).inspect(try OpenedDataset(at: folder))
  }

  /// Changes annotations.json as a text.
  func edit(_ change: (inout String) -> Void) throws {
    let url = folder.appendingPathComponent("annotations.json")
    var text = try String(contentsOf: url, encoding: .utf8)
    change(&text)
    try Data(text.utf8).write(to: url)
  }
}

extension InspectionRecord {
  func finding(_ kind: String) -> Finding? { findings.first { $0.kind == kind } }
}

extension DatasetWriter {
  func add(_ image: Image, _ name: String, _ labels: [Label] = [], split: Split? = nil, group: String? = nil) throws {
    try add(
      image, as: name, labels: labels, split: split, provenance: .init(source: name, group: group ?? name))
  }
}

/// Grey noise around a mean, the same for one seed.
func noise(_ seed: UInt64, mean: Double = 120, spread: Double = 12, width: Int = 40, height: Int = 40) -> Image {
  var random = SeededGenerator(seed: seed, purpose: "noise")
  return Image(
    width: width, height: height,
    bytes: (0..<width * height).map { _ in UInt8(min(255, max(0, mean + spread * random.normal()))) })
}
