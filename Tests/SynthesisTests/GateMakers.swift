import Datasets
import Images
import Randomness
import Synthesis

/// A generator that learned its training set by heart: the window around a real defect, in place.
struct ReplayingMaker: DefectMaker {
  let dataset: Dataset
  let model = "replay"
  let step = 0
  let windowSize: Int? = MarkSet.size
  let reach = 8
  /// So far around the defect it copies; corners too lie within the reach.
  private let copied = 5
  /// Standard deviation of what it adds, in grey levels.
  private let noise: Double

  init(dataset: Dataset, noise: Double) {
    self.dataset = dataset
    self.noise = noise
  }

  func images(of placed: [PlacedDefect]) throws -> [Image] {
    try placed.map { placed in
      let origin = placed.placement.shape.origin
      guard let origin, let image = dataset.images.first(where: { $0.fileName == origin.fileName }) else {
        return placed.clean
      }
      let source = try dataset.pixels(of: image)
      var bytes = placed.clean.bytes
      var random = SeededGenerator(seed: UInt64(placed.placement.box.x), purpose: "replay")
      let box = placed.placement.box
      for y in box.y - copied..<box.y + box.height + copied {
        for x in box.x - copied..<box.x + box.width + copied {
          let value = source[origin.box.x + x - box.x, origin.box.y + y - box.y]
          bytes[y * placed.clean.width + x] = UInt8(min(max(Double(value) + noise * random.normal(), 0), 255))
        }
      }
      return Image(width: placed.clean.width, height: placed.clean.height, bytes: bytes)
    }
  }
}

/// A generator that draws marks of its own where the masks are.
struct HonestMaker: DefectMaker {
  let model = "honest"
  let step = 0
  let windowSize: Int? = MarkSet.size
  let reach = 8

  func images(of placed: [PlacedDefect]) -> [Image] {
    placed.map { placed in
      var seed = UInt64(placed.placement.box.x)
      for byte in placed.clean.bytes.prefix(9) { seed = seed &* 31 &+ UInt64(byte) }
      let drawn = MarkSet.image(1000 + seed, mark: placed.placement.mask, noise: seed).bytes
      return Image(
        width: placed.clean.width, height: placed.clean.height,
        bytes: placed.clean.bytes.indices.map { index in
          placed.placement.mask.bits[index] != 0 ? drawn[index] : placed.clean.bytes[index]
        })
    }
  }
}

/// Changes nothing, too little, or too much.
struct WrongMaker: DefectMaker {
  enum Fault: CaseIterable { case nothing, little, elsewhere }
  let fault: Fault
  let model = "wrong"
  let step = 0
  let windowSize: Int? = nil
  let reach = 3

  func images(of placed: [PlacedDefect]) throws -> [Image] {
    try placed.map { placed in
      var bytes = placed.clean.bytes
      let mask = placed.placement.mask
      let near = try mask.dilated(by: 3)
      for index in bytes.indices {
        switch fault {
        case .nothing: break
        case .little: if mask.bits[index] != 0 { bytes[index] ^= 1 }
        case .elsewhere: if mask.bits[index] != 0 { bytes[index] /= 2 }
        }
      }
      // One pixel just within the reach is allowed, one beyond is not.
      if fault == .elsewhere, let pixel = near.bits.firstIndex(of: 0) { bytes[pixel] ^= 1 }
      return Image(width: placed.clean.width, height: placed.clean.height, bytes: bytes)
    }
  }
}
