import Datasets
import Files
import Randomness

/// Image files of the two domains.
public struct UnpairedFiles: Sendable {
  public let clean: FileList
  public let defect: FileList

  public init(clean: FileList, defect: FileList) {
    self.clean = clean
    self.defect = defect
  }
}

extension UnpairedImages {
  public var files: UnpairedFiles { UnpairedFiles(clean: clean, defect: defect) }

  /// Divides the images into those that a translator learns from and those that it is measured on.
  ///
  /// Groups stay together, also across the domains; where no groups are known, files with the same bytes do. Of defective
  /// images at least `share` are held out, of clean ones too, as near as groups allow; one group of each always remains.
  /// - Throws: `InputError` when there are not two groups of each domain.
  func holdingOut(_ share: Double, seed: UInt64) throws -> (learned: UnpairedFiles, heldOut: UnpairedFiles) {
    func keys(_ entries: [TrainingImages.Entry]) -> [String] { entries.map { $0.group ?? $0.sha256.description } }
    let (cleanKeys, defectKeys) = (keys(record.clean), keys(record.defect))
    var random = SeededGenerator(seed: seed, purpose: "held out")
    let domains = [Set(defectKeys), Set(cleanKeys)]
    var held: Set<String> = []
    for (domain, keys) in zip(domains, [defectKeys, cleanKeys]) {
      for key in random.shuffled(domain.sorted()) where !held.contains(key) {
        let more = held.union([key])
        // The last group of a domain is never taken.
        guard keys.count(where: held.contains) < Int((share * Double(keys.count)).rounded(.up)),
          domains.allSatisfy({ !$0.isSubset(of: more) })
        else { continue }
        held = more
      }
    }
    func part(_ isHeld: Bool) throws -> UnpairedFiles {
      func files(_ list: FileList, _ keys: [String]) -> FileList {
        FileList(keys.indices.filter { held.contains(keys[$0]) == isHeld }.map { list[$0] })
      }
      let result = UnpairedFiles(clean: files(clean, cleanKeys), defect: files(defect, defectKeys))
      guard !result.clean.isEmpty, !result.defect.isEmpty else {
        throw InputError(
          at: "training images", expected: "two groups of each domain, to hold one out for measuring",
          found: "\(Set(cleanKeys).count) of clean, \(Set(defectKeys).count) of defective images",
          remedy: "Train without --features, or on more images")
      }
      return result
    }
    return (try part(false), try part(true))
  }
}
