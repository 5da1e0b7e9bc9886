import Datasets
import Foundation
import Images
import Randomness
import Torch

@testable import Doctor

/// Batches of one image of each domain, as somebody might draw them, with a fault where one is asked for.
struct HomemadeLoader {
  let clean: [URL]
  let defect: [URL]
  let size: Int
  let seed: UInt64
  let fault: TranslatorFault?

  func batch(step: Int) throws -> TranslatorBatch {
    let (a, b) = chosen(step)
    return TranslatorBatch(
      clean: try crop(clean[a], step, "A"), defect: try crop(defect[b], step, fault == .sameCrops ? "A" : "B"))
  }

  private func chosen(_ step: Int) -> (Int, Int) {
    var random = SeededGenerator(seed: seed, purpose: "partner", step)
    switch fault {
    case .zippedPairs:
      let place = step % min(clean.count, defect.count)
      return (place, place)
    case .partnersByCleanCount:
      // Where A is the longer one it is cut off, as a clumsy mend would.
      return (step % clean.count, min(random.int(below: clean.count), defect.count - 1))
    default: return (step % clean.count, random.int(below: defect.count))
    }
  }

  private func crop(_ url: URL, _ step: Int, _ domain: String) throws -> Tensor {
    var random = SeededGenerator(seed: seed, purpose: "crop of \(domain)", step)
    let image = try EncodedImage(contentsOf: url.path).decoded(channels: 1)
    let box = PixelBox(
      x: random.int(below: image.width - size + 1), y: random.int(below: image.height - size + 1), width: size,
      height: size)
    let cropped = image.cropped(to: box)
    return try PixelBatch([random.bool() ? cropped.flippedHorizontally() : cropped]).tensor()
  }
}
