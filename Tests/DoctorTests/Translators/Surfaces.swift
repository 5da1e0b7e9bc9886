import Datasets
import Foundation
import Images
import Models
import Randomness
import TestFolders
import Torch
import Training

@testable import Doctor

/// Grey surfaces with shading and grain, and the same with a dark spot.
enum Surfaces {
  static func image(side: Int, defective: Bool, _ index: Int) -> Image {
    var random = SeededGenerator(seed: 5, purpose: defective ? "defect" : "clean", index)
    let (slope, spotX, spotY) = (random.uniform(-1, 1), random.int(below: side), random.int(below: side))
    let bytes = (0..<side * side).map { place in
      let (x, y) = (place % side, place / side)
      let shading = 130 + 60 * slope * (Double(x) / Double(side) - 0.5) + 20 * Double(y) / Double(side)
      let isSpot = defective && abs(x - spotX) < side / 5 && abs(y - spotY) < side / 6
      return UInt8(min(max(shading + random.uniform(-12, 12) - (isSpot ? 80 : 0), 0), 255))
    }
    return Image(width: side, height: side, bytes: bytes)
  }

  static func batch(_ step: Int, side: Int) throws -> TranslatorBatch {
    TranslatorBatch(
      clean: try PixelBatch([image(side: side, defective: false, step)]).tensor(),
      defect: try PixelBatch([image(side: side, defective: true, step)]).tensor())
  }

  /// Two folders of images, `A` clean and `B` defective.
  static func write(to folder: TemporaryFolder, clean: Int = 5, defective: Int = 3, side: Int) throws {
    for (name, count) in [("A", clean), ("B", defective)] {
      for index in 0..<count {
        try folder.write(
          image(side: side, defective: name == "B", index).encoded(as: .png), "\(name)/\(index).png")
      }
    }
  }
}

extension TranslatorSubject {
  static func homemade(_ fault: TranslatorFault? = nil, side: Int = 32) -> TranslatorSubject {
    var subject = TranslatorSubject(
      make: { try HomemadeCycleGAN(seed: $0, fault: fault) }, batch: { try Surfaces.batch($0, side: side) })
    subject.averageDecay = HomemadeCycleGAN.decay
    subject.loader = { clean, defect, seed in
      let loader = HomemadeLoader(clean: clean, defect: defect, size: side, seed: seed, fault: fault)
      return { try loader.batch(step: $0) }
    }
    return subject
  }
}
