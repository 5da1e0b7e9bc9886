import Datasets
import Files
import Images
import Torch

/// How real the discriminator of a translator finds defects, and the real ones of each class.
///
/// It sees windows as it did in training, with their masks. Of the real defects that it learned from it is surer than of any
/// others, so the bar is higher than defects that it has not seen would set it.
public struct DiscriminatorOpinion: DefectJudge {
  public let gate = Gate.discriminator
  public let name = "the discriminator"

  /// A defect in its image.
  struct Seen {
    let image: Image
    /// Of the image's size.
    let mask: Mask
    let box: PixelBox
    let category: String
  }

  private let translator: Translator
  private var ranges: [String: OpinionRange] = [:]

  private static let batchSize = 16

  /// - Parameter library: of the training split of `dataset`.
  /// - Throws: `InputError` when the translator was trained without masks, does not know a class or learned from what `dataset`
  ///   holds out, or an image cannot be read or is smaller than its windows.
  public init(_ translator: Translator, on dataset: Dataset, library: DefectLibrary) throws {
    guard translator.configuration.masks != nil else {
      throw InputError(
        at: "gate discriminator", expected: "a run that was trained with --masks", found: "one of whole images")
    }
    try translator.trainingImages.checkNoLeak(into: dataset)
    self.translator = translator
    let byName = dataset.imagesByName(split: .train)
    let identifiers = Dictionary(uniqueKeysWithValues: dataset.categories.map { ($0.name, $0.id) })
    for category in library.classNames {
      let real = try library.shapes(of: category).compactMap { shape -> Seen? in
        guard let origin = shape.origin, let image = byName[origin.fileName],
          let mask = identifiers[category].flatMap(image.mask(ofCategory:))
        else { return nil }
        return Seen(image: try dataset.pixels(of: image), mask: mask, box: origin.box, category: category)
      }
      if !real.isEmpty { ranges[category] = OpinionRange(try scores(of: real)) }
    }
  }

  public func range(of category: String) -> OpinionRange? { ranges[category] }

  /// The mean over the discriminator's patches: towards 1 it thinks a defect real, towards 0 made.
  func scores(of defects: [Seen]) throws -> [Double] {
    var scores: [Double] = []
    for start in stride(from: 0, to: defects.count, by: Self.batchSize) {
      let windows = try defects[start..<min(start + Self.batchSize, defects.count)].map { defect in
        try translator.window(
          part(of: defect.image, around: defect.box), of: defect.image, mask: defect.mask, defect.category)
      }
      scores += try translator.map(windows) { windows, masks in
        try translator.realness(of: windows.map(\.image), masks: masks)
      }
    }
    return scores
  }

  public func scores(of images: [Image], _ placements: [DefectPlacement]) throws -> [Double] {
    try scores(
      of: zip(images, placements).map { image, placement in
        Seen(image: image, mask: placement.mask, box: placement.box, category: placement.category)
      })
  }

  /// The window with a defect in its middle, as far as the image allows: of the size trained on, larger where the defect is.
  private func part(of image: Image, around box: PixelBox) throws -> PixelBox {
    let size = translator.configuration.transform.size
    guard image.width >= size, image.height >= size else {
      throw InputError(
        at: "gate discriminator", expected: "images of at least \(size) × \(size) pixels",
        found: "\(image.width) × \(image.height)")
    }
    return DefectWindow.box(
      of: (max(size, box.width), max(size, box.height)), around: box, inWidth: image.width, height: image.height)
  }
}
