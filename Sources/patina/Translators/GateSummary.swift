import Foundation
import Synthesis

/// What gates did, for people and for programs.
struct GateSummary: Encodable {
  let made: Int
  let kept: Int
  /// By gate, and under `keep` those that were not among the best.
  let refused: [String: Int]
  let diversity: Double?
  /// What the diversity and the gate `memory` compare.
  let features: String
  /// The data set of those that are not kept; nil where there are none.
  let refusedDataset: String?

  private enum CodingKeys: String, CodingKey {
    case made, kept, refused, diversity, features
    case refusedDataset = "refused_dataset"
  }

  init(_ set: GatedSet, _ gates: DefectGates) {
    made = set.made
    kept = set.kept.images.count
    refused = set.reasons
    diversity = set.diversity
    features = gates.features.name
    refusedDataset = set.refused?.folder.path
  }

  var text: String {
    let order = Gate.allCases.map(\.rawValue) + [GatedSet.notKept]
    let reasons = order.compactMap { name in refused[name].map { "\(name) \($0)" } }.joined(separator: ", ")
    var lines = ["  of \(made) made, gates kept \(kept)" + (reasons.isEmpty ? "" : "; refused: \(reasons)")]
    if let refusedDataset { lines.append("  refused ones with their reasons in \(refusedDataset)") }
    if let diversity {
      lines.append("  diversity \(String(format: "%.3f", diversity)) (mean distance of two images by \(features))")
    }
    return lines.joined(separator: "\n")
  }
}
