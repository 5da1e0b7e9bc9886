import Datasets
import Foundation
import Images
import Randomness
import TestFolders

/// A data set of noise with one patch of waves on each defective image, every defect on two exposures of one group.
struct MarkSet {
  static let size = 56

  /// Where a mark lies: far enough from all edges for its window.
  static let box = PixelBox(x: 20, y: 18, width: 16, height: 16)

  /// Noise around a grey value, with a mark of waves on the pixels of a mask.
  static func image(_ seed: UInt64, mark mask: Mask?, noise: UInt64) -> Image {
    var random = SeededGenerator(seed: noise, purpose: "noise")
    var pattern = SeededGenerator(seed: seed, purpose: "pattern")
    let (a, b, c) = (pattern.uniform(-1, 1), pattern.uniform(-1, 1), pattern.uniform(0, 6))
    return Image(
      width: size, height: size,
      bytes: (0..<size * size).map { index in
        let (x, y) = (Double(index % size), Double(index / size))
        let value = mask.map { $0.bits[index] != 0 } ?? false ? 80 + 30 * sin(a * x + b * y + c) : 120
        return UInt8(value + 4 * random.normal())
      })
  }

  /// - Parameters:
  ///   - groups: of which each gives two defective images, and two clean ones.
  static func write(to folder: URL, groups: Int = 12) throws -> Dataset {
    let writer = try DatasetWriter(to: folder, description: "", cleanName: "clean", categories: ["mark"])
    let mask = Mask(width: size, height: size, box: box)
    for group in 0..<groups {
      for view in 0..<2 {
        for mark in [mask, nil] {
          try writer.add(
            image(UInt64(group), mark: mark, noise: UInt64(4 * group + 2 * view + (mark == nil ? 1 : 0))),
            as: "\(mark == nil ? "clean" : "mark")-\(group)-\(view).png",
            labels: mark.map { [.init("mark", mask: $0)] } ?? [], split: .train,
            provenance: Provenance(source: "", group: "\(group)"))
        }
      }
    }
    return try writer.finish()
  }
}
