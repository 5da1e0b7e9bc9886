import Files
import Foundation
import Randomness

/// A data set with fewer training images of some classes: what there would be, had fewer been collected.
///
/// Which ones stay follows from the seed: groups in a random order, and of the last one as many images as are still missing.
/// What a smaller number keeps, a larger one keeps too. All images of other classes and of the other splits stay.
public struct Subset: Sendable {
  /// How many training images of a class stay, by the class.
  public let counts: [String: Int]
  public let seed: UInt64

  public init(_ counts: [String: Int], seed: UInt64) {
    self.counts = counts
    self.seed = seed
  }

  /// The images that stay, in order.
  ///
  /// - Throws: `InputError` when the data set is not split, does not know a class, or has fewer training images of one.
  public func images(of dataset: Dataset) throws -> [DatasetImage] {
    try dataset.requireSplit()
    var left: Set<String> = []
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      guard dataset.classNames.contains(name) else {
        throw InputError(
          at: dataset.folder.path, expected: "one of the classes \(dataset.classNames.joined(separator: ", "))",
          found: "'\(name)'")
      }
      let all = dataset.images(inClass: name, split: .train)
      guard (0...all.count).contains(count) else {
        throw InputError(
          at: dataset.folder.path, expected: "0 to \(all.count) training images of \(name)", found: "\(count)")
      }
      left.formUnion(shuffled(all, name).dropFirst(count).map(\.fileName))
    }
    return dataset.images.filter { !left.contains($0.fileName) }
  }

  /// Copies the images that stay, with everything that is known of them.
  ///
  /// - Throws: `InputError` as `images(of:)` does, or when something stands at `folder`.
  @discardableResult
  public func write(_ dataset: Dataset, to folder: URL, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in })
    throws -> Dataset
  {
    let fewer = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    return try dataset.copy(
      images(of: dataset), to: folder,
      description: dataset.description + (fewer.isEmpty ? "" : ", with \(fewer) to learn from"), progress: progress)
  }

  private func shuffled(_ images: [DatasetImage], _ name: String) -> [DatasetImage] {
    var random = SeededGenerator(seed: seed, purpose: "subset of \(name)")
    let groups = Dictionary(grouping: images, by: \.group)
    return random.shuffled(groups.keys.sorted()).flatMap { groups[$0] ?? [] }
  }
}
