import Datasets
import Files
import Foundation
import Images

extension Synthesizer {
  /// Under this name images count whose masks are not to be trusted.
  public static let maskReason = "mask"

  /// Makes `count` images, each labelled by the mask of what its translation changed, and writes those with masks to be
  /// trusted as a data set and the others as one beside it.
  ///
  /// The images are those that `synthesize(count:to:)` makes. Each carries its mask's figures; what is refused lies in
  /// `GatedSet.refusedFolder(of:)` with its reason. Where the settings refuse no mask, images without one are labelled as a
  /// whole.
  /// - Parameter progress: called with the number of images done.
  /// - Throws: `InputError` when all images are refused; they are then written, and nothing else is.
  @discardableResult
  public func synthesize(
    count: Int, to folder: URL, masks settings: DifferenceMaskSettings, replacing: Bool = false, threads: Int = 2,
    progress: (Int) -> Void = { _ in }
  ) throws -> GatedSet {
    let beside = GatedSet.refusedFolder(of: folder)
    let passed = try writer(count: count, to: folder, replacing: replacing)
    let refused = try writer(count: count, to: beside, replacing: replacing)
    try make(count: count) { index, made in
      let difference = try DifferenceMask(of: made.pixels, from: made.clean, settings: settings)
      var provenance = provenance(of: made)
      provenance.synthetic?.figures = difference.figures
      let reason = difference.reason(against: settings)
      provenance.synthetic?.refused = reason.map { "\(Self.maskReason): \($0)" }
      try (reason == nil ? passed : refused).add(
        made.pixels, as: SyntheticName.file(index, of: made.origin),
        labels: [.init(label, mask: difference.mask.isEmpty ? nil : difference.mask)], split: .train,
        provenance: provenance)
      progress(index + 1)
    }
    guard passed.count > 0 else {
      try refused.finish()
      throw InputError(
        at: folder.path, expected: "images with masks to be trusted", found: "none of \(count)",
        remedy: "Look at \(beside.path) and why; ask for less quality, or label whole images")
    }
    return try GatedSet.finish(
      passed, refused, replacing: replacing, reasons: refused.count > 0 ? [Self.maskReason: refused.count] : [:],
      diversity: nil)
  }
}

extension DifferenceMask {
  /// As provenance has them.
  var figures: [String: Double] {
    [
      "mask_quality": GateText.rounded(quality), "mask_share": GateText.rounded(share),
      "mask_threshold": GateText.rounded(threshold), "mask_surface": GateText.rounded(surface),
    ]
  }
}
