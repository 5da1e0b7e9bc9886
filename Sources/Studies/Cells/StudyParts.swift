import Datasets
import Files
import Foundation

/// The data of each part of a study: the data set divided anew, with some of its real training defects taken away.
///
/// Copies stand in the study's folder under `data/`, named after what decides their contents.
struct StudyParts {
  let settings: StudySettings
  let dataset: Dataset
  let folder: URL

  /// What a part is trained and tested on, and the training defects that were taken away, which nothing but an oracle sees.
  ///
  /// - Throws: `InputError` when the data set cannot be divided so, or has too few defects for the fraction.
  func data(of part: StudyPart) throws -> (dataset: Dataset, heldBack: [DatasetImage]) {
    guard part != StudyPart() else { return (dataset, []) }
    let whole = try divided(part)
    let subset = try Subset(counts(of: part, whole), seed: UInt64(part.split ?? 0))
    let kept = try subset.images(of: whole)
    let names = Set(kept.map(\.fileName))
    let url = folder.appendingPathComponent("data").appendingPathComponent(try name(of: part, kept))
    if !FileManager.default.fileExists(atPath: url.path) {
      try whole.copy(kept, to: url, description: "\(dataset.description), \(part.title)")
    }
    return (try Dataset(at: url), whole.images.filter { !names.contains($0.fileName) })
  }

  /// - Throws: `InputError` when two fractions leave the same images: they would be one.
  func checkFractionsDiffer() throws {
    for split in settings.splitSeeds {
      let parts = settings.fractionList.map { StudyPart(split: split, fraction: $0) }
      guard parts.count > 1, let first = parts.first else { continue }
      let whole = try divided(first)
      for (one, other) in zip(parts, parts.dropFirst()) {
        let counts = try self.counts(of: other, whole)
        guard try self.counts(of: one, whole) == counts else { continue }
        let named = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        throw InputError(
          at: "fractions", expected: "shares that leave different training images",
          found: "\(named) with \(one.fraction ?? 1) and with \(other.fraction ?? 1)", remedy: "Leave out either")
      }
    }
  }

  private func divided(_ part: StudyPart) throws -> Dataset {
    guard let seed = part.split, let shares = settings.splits else { return dataset }
    return try dataset.divided(
      by: Splitter(train: shares.train, validation: shares.validation, test: shares.test, seed: UInt64(seed)))
  }

  /// So many training images of each defect stay, at least one.
  private func counts(of part: StudyPart, _ whole: Dataset) throws -> [String: Int] {
    guard let fraction = part.fraction else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: settings.defects.map { defect in
        let all = whole.images(inClass: defect, split: .train).count
        return (defect, min(all, max(1, Int((fraction * Double(all)).rounded()))))
      })
  }

  private func name(of part: StudyPart, _ images: [DatasetImage]) throws -> String {
    let listing = images.map { "\($0.fileName)\t\($0.split?.rawValue ?? "")\t\($0.group)\t\($0.provenance.sha256)" }
    let words = [part.split.map { "split-\($0)" }, part.fraction.map { "fraction-\($0)" }].compactMap { $0 }
    return (words + [try StudyTranslators.hash(listing)]).joined(separator: "-")
  }
}
