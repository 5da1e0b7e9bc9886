import Datasets
import Foundation
import Images
import Randomness
import TestFolders

extension TemporaryFolder {
  /// A data set of noise with bright spots or dark holes, each with its mask, in all three splits.
  ///
  /// Of each split the images are clean, with a spot, with a hole, in turn. Sides differ, and are no multiples of 16.
  func spotsAndHoles(_ name: String = "marks", perSplit: Int = 9, seed: UInt64 = 3) throws -> Dataset {
    let writer = try DatasetWriter(
      to: url.appendingPathComponent(name), description: "spots and holes", cleanName: "clean",
      categories: ["spot", "hole"])
    for split in Split.allCases {
      for index in 0..<perSplit {
        var random = SeededGenerator(seed: seed, purpose: "\(name) \(split.rawValue)", index)
        let (width, height) = (40 + random.int(below: 12), 36 + random.int(below: 12))
        var bytes = (0..<width * height).map { _ in UInt8(110 + random.int(below: 20)) }
        var labels: [DatasetWriter.Label] = []
        if index % 3 != 0 {
          let side = 6 + random.int(below: 6)
          let (left, top) = (random.int(below: width - side), random.int(below: height - side))
          var bits = [UInt8](repeating: 0, count: bytes.count)
          for y in top..<top + side {
            for x in left..<left + side {
              bits[y * width + x] = 1
              bytes[y * width + x] = UInt8((index % 3 == 1 ? 200 : 30) + random.int(below: 20))
            }
          }
          labels = [
            .init(index % 3 == 1 ? "spot" : "hole", mask: Mask(width: width, height: height, bits: bits))
          ]
        }
        try writer.add(
          Image(width: width, height: height, bytes: bytes), as: "\(split.rawValue)-\(index).png", labels: labels,
          split: split, provenance: Provenance(source: "\(index)", group: "\(name) \(split.rawValue) \(index)"))
      }
    }
    return try writer.finish()
  }
}
