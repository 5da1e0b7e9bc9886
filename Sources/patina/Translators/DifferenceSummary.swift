import Foundation
import Synthesis

/// What the masks of translations were like, for people and for programs.
struct DifferenceSummary: Encodable {
  let made: Int
  let kept: Int
  let refused: Int
  /// Of the kept masks, by the lowest, the middle and the highest.
  let quality: [Double]
  /// Median share of the image that the kept masks cover.
  let share: Double
  let leastQuality: Double
  /// The data set of those that are not kept; nil where there are none.
  let refusedDataset: String?

  private enum CodingKeys: String, CodingKey {
    case made, kept, refused, quality, share
    case leastQuality = "least_quality"
    case refusedDataset = "refused_dataset"
  }

  init(_ set: GatedSet, _ settings: DifferenceMaskSettings) {
    func figures(_ name: String) -> [Double] {
      set.kept.images.compactMap { $0.provenance.synthetic?.figures?[name] }.sorted()
    }
    made = set.made
    kept = set.kept.images.count
    refused = made - kept
    let qualities = figures("mask_quality")
    quality = [qualities.first, qualities.isEmpty ? nil : qualities[qualities.count / 2], qualities.last].compactMap {
      $0
    }
    let shares = figures("mask_share")
    share = shares.isEmpty ? 0 : shares[shares.count / 2]
    leastQuality = settings.leastQuality
    refusedDataset = set.refused?.folder.path
  }

  var text: String {
    func number(_ value: Double) -> String { String(format: "%.2f", value) }
    var lines = ["  of \(made) made, \(kept) kept and \(refused) refused for their masks"]
    if quality.count == 3 {
      lines.append(
        "  masks: quality \(number(quality[0])) to \(number(quality[2])), median \(number(quality[1])); "
          + "\(String(format: "%.1f", 100 * share)) % of the image (median)")
    }
    if let refusedDataset { lines.append("  refused ones with their reasons in \(refusedDataset)") }
    return lines.joined(separator: "\n")
  }
}
