import Datasets
import Foundation
import Images
import Randomness
import TestFolders

extension TemporaryFolder {
  /// A data set of dark clean images and bright defective ones, split by group.
  func dataset(_ name: String = "set", clean: Int = 12, defective: Int = 6, size: Int = 32) throws -> Dataset {
    let writer = try DatasetWriter(
      to: url.appendingPathComponent(name), description: "bright and dark", cleanName: "clean", categories: ["bright"])
    for index in 0..<clean + defective {
      let isClean = index < clean
      var generator = SeededGenerator(seed: 9, purpose: name, index)
      let bytes = (0..<size * size).map { _ in UInt8((isClean ? 60 : 150) + generator.int(below: 50)) }
      let split = Split.allCases[index % 3 == 1 ? 1 : index % 3 == 2 ? 2 : 0]
      try writer.add(
        Image(width: size, height: size, bytes: bytes), as: "\(index).png", labels: isClean ? [] : [.init("bright")],
        split: split, provenance: Provenance(source: "\(index)", group: "group \(index)"))
    }
    return try writer.finish()
  }
}
