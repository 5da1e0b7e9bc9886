import Datasets
import Foundation

/// What gates made of a set of synthetic images.
public struct GatedSet: Sendable {
  public let kept: Dataset
  /// The refused images and those that were not kept, each with its reason; nil where there are none.
  public let refused: Dataset?
  /// How many images a gate refused first, by its name; `keep` counts those that passed and were not among the best.
  public let reasons: [String: Int]
  /// Mean distance between two kept images' windows; nil for a single image, or where it was not asked for.
  public let diversity: Double?

  public var made: Int { kept.images.count + (refused?.images.count ?? 0) }

  /// Under this name images count that passed all gates and were not among the best.
  public static let notKept = "keep"

  /// What a refusal counts under: the gate's name, or `notKept`.
  ///
  /// - Parameter refused: as images carry it, a name, a colon and the reason.
  public static func name(ofRefusal refused: String) -> String { String(refused.prefix { $0 != ":" }) }

  /// Where refused images lie: beside the kept ones.
  public static func refusedFolder(of folder: URL) -> URL {
    let folder = folder.standardizedFileURL
    return folder.deletingLastPathComponent().appendingPathComponent(folder.lastPathComponent + ".refused")
  }

  /// Puts both sets in their places.
  ///
  /// - Parameters:
  ///   - passed: with at least one image.
  ///   - replacing: what an earlier set refused is not this one's, and goes.
  static func finish(
    _ passed: DatasetWriter, _ refused: DatasetWriter, replacing: Bool, reasons: [String: Int], diversity: Double?
  ) throws -> GatedSet {
    // The kept ones last: where they stand, the others do.
    let others = refused.count > 0 ? try refused.finish() : nil
    let kept: Dataset
    do {
      kept = try passed.finish()
    } catch {
      if others != nil { try? FileManager.default.removeItem(at: refused.destination) }
      throw error
    }
    if others == nil, replacing { try? FileManager.default.removeItem(at: refused.destination) }
    return GatedSet(kept: kept, refused: others, reasons: reasons, diversity: diversity)
  }
}
