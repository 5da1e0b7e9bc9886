import Foundation
import Images

/// Small pictures of a data set's images for a page, with their defects outlined.
public struct InspectionPictures: Sendable {
  private let dataset: Dataset
  private let threads: Int
  /// The longer side in pixels.
  private static let side = 192

  public init(of dataset: Dataset, threads: Int = 2) {
    self.dataset = dataset
    self.threads = threads
  }

  /// JPEG files by the names of the images; images that cannot be read have none.
  public func thumbnails(of names: [String]) -> [String: Data] {
    let byName = Dictionary(dataset.images.map { ($0.fileName, $0) }, uniquingKeysWith: { first, _ in first })
    let images = Set(names).sorted().compactMap { byName[$0] }
    let files = parallelMap(count: images.count, threads: threads) { index in try? thumbnail(of: images[index]) }
    return Dictionary(
      zip(images, files).compactMap { image, file in file.map { (image.fileName, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private func thumbnail(of image: DatasetImage) throws -> Data {
    let small = try dataset.pixels(of: image).thumbnail(side: Self.side).colour()
    return try small.outlining(try marked(image, width: small.width, height: small.height)).encoded(
      as: .jpeg, quality: 82)
  }

  /// Defects in the small picture: each at least a pixel large, so that it is seen; boxes as boxes.
  private func marked(_ image: DatasetImage, width: Int, height: Int) throws -> Mask {
    var bits = [UInt8](repeating: 0, count: width * height)
    for annotation in image.annotations {
      if let code = annotation.segmentation {
        let mask = Mask(thresholding: try code.mask.image.resized(width: width, height: height), above: 0)
        for index in bits.indices where mask.bits[index] != 0 { bits[index] = 1 }
      } else if !annotation.isOfWholeImage(image.width, image.height) {
        let scale = (x: Double(width) / Double(image.width), y: Double(height) / Double(image.height))
        let box = Annotation.Box(
          x: annotation.box.x * scale.x, y: annotation.box.y * scale.y, width: annotation.box.width * scale.x,
          height: annotation.box.height * scale.y)
        guard let area = box.pixels(inWidth: width, height: height) else { continue }
        for y in area.y..<area.y + area.height {
          for x in area.x..<area.x + area.width { bits[y * width + x] = 1 }
        }
      }
    }
    return Mask(width: width, height: height, bits: bits)
  }
}
