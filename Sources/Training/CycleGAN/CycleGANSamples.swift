import Datasets
import Foundation
import Images
import Models
import Torch

/// The same few images of both domains, drawn again and again while a run learns.
struct CycleGANSamples {
  private let clean: PixelBatch
  private let defect: PixelBatch

  /// Takes up to four images of each domain, evenly over the list.
  init(_ images: CycleGANImages, _ transform: ImageTransform) throws {
    func some(_ all: FileList) -> [URL] {
      let count = min(4, all.count)
      return (0..<count).map { all[$0 * all.count / count] }
    }
    clean = PixelBatch(try some(images.clean).map(transform.central))
    defect = PixelBatch(try some(images.defect).map(transform.central))
  }

  /// Rows: clean, made defective, made clean again; defect, made clean, made defective again.
  func sheet(_ model: CycleGAN, on device: Device) throws -> Image {
    let (fromClean, fromDefect) = try withoutGradients {
      let clean = try self.clean.tensor(on: device)
      let defect = try self.defect.tensor(on: device)
      let fakeDefect = try model.cleanToDefect(clean)
      let fakeClean = try model.defectToClean(defect)
      return (
        [clean, fakeDefect, try model.defectToClean(fakeDefect)],
        [defect, fakeClean, try model.cleanToDefect(fakeClean)]
      )
    }
    let titles = [["clean", "to defect", "and back"], ["defect", "to clean", "and back"]]
    let rows = try zip([fromClean, fromDefect], titles).flatMap { tensors, titles in
      try zip(tensors, titles).map { tensor, title in
        try PixelBatch.images(of: tensor).map { ContactSheet.Cell($0, caption: title) }
      }
    }
    return try ContactSheet(rows: rows).rendered()
  }
}
