import Datasets
import Foundation
import Images

/// An image with a defect, as it will be written.
struct MadeImage {
  let pixels: Image
  /// The same as PNG.
  let file: Data
  let name: String
  let placed: PlacedDefect
  let provenance: Provenance
}
