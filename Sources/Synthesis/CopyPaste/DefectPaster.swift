import Datasets
import Files
import Images

/// Makes defects by pasting real ones: the cheap rival of every translator.
public struct DefectPaster: DefectMaker, Sendable {
  public let blend: CopyPaste.Blend
  private let dataset: Dataset
  private let threads: Int
  private let byName: [String: DatasetImage]

  /// - Parameter dataset: where the shapes that will be placed were cut from.
  public init(_ dataset: Dataset, blend: CopyPaste.Blend = .poisson, threads: Int = 2) {
    self.dataset = dataset
    self.blend = blend
    self.threads = threads
    byName = dataset.imagesByName(split: .train)
  }

  public var model: String { "copy-paste \(CopyPaste.version) (\(blend.rawValue))" }
  public var step: Int { 0 }
  public var windowSize: Int? { nil }
  public var reach: Int { CopyPaste(blend).margin }

  public func images(of placed: [PlacedDefect]) throws -> [Image] {
    try parallelMap(count: placed.count, threads: threads) { index in
      Result { try image(of: placed[index]) }
    }.map { try $0.get() }
  }

  private func image(of placed: PlacedDefect) throws -> Image {
    let shape = placed.placement.shape
    guard let origin = shape.origin, let image = byName[origin.fileName] else {
      throw InputError(
        at: dataset.folder.path, expected: "the training image that a defect was cut from",
        found: shape.origin.map { "no \($0.fileName)" } ?? "a drawn shape, which has no pixels to paste")
    }
    let defects = dataset.mask(of: image) ?? Mask(width: image.width, height: image.height)
    let source = try PasteSource(dataset.pixels(of: image), shape: shape, defects: defects)
    return try CopyPaste(blend).paste(placed.placement, from: source, onto: placed.clean, surface: placed.surface)
  }
}
