import Files
import Foundation
import Images
import Randomness

/// A data set of rendered steel: clean surfaces and some with one flaw each, with masks and depth maps.
public struct RenderedSteel: Sendable {
  public static let format = "rendered"
  public static let summary = "rendered steel with scratches, pits and inclusions; needs no SRC"

  public let renderer: SteelRenderer
  public let count: Int
  /// How many have a flaw; the kinds take turns.
  public let defective: Int
  public var threads = 2

  /// - Throws: `InputError` unless there are 1 to 1 000 000 images and the share lies within 0 ... 1.
  public init(count: Int, defectiveShare: Double = 0.1, size: Int = 64, seed: UInt64 = 0) throws {
    guard (1...1_000_000).contains(count), (0...1).contains(defectiveShare) else {
      throw InputError(
        at: "rendered steel", expected: "1 to 1000000 images and a defective share of 0 to 1",
        found: "\(count) and \(defectiveShare)")
    }
    renderer = try SteelRenderer(size: size, seed: seed)
    self.count = count
    defective = Int((Double(count) * defectiveShare).rounded())
  }

  /// Draws the set and writes it, each image a group of its own.
  public func write(to destination: URL, replacing: Bool = false) throws -> Dataset {
    let writer = try DatasetWriter(
      to: destination, description: "Rendered steel \(SteelRenderer.version), seed \(renderer.seed)",
      cleanName: "clean",
      categories: SteelRenderer.kinds, replacing: replacing)
    var random = SeededGenerator(seed: renderer.seed, purpose: "steel set")
    var flaws = [Int: String]()
    for (turn, index) in random.shuffled(Array(0..<count)).prefix(defective).enumerated() {
      flaws[index] = SteelRenderer.kinds[turn % SteelRenderer.kinds.count]
    }
    let chosen = flaws
    try parallelInOrder(count: count, atOnce: 256, threads: threads) { index in
      Result { try renderer.rendering(index, flaw: chosen[index]) }
    } take: { index, result in
      let rendering = try result.get()
      let digits = String(index)
      let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      let flaw = chosen[index]
      let name = "\(flaw ?? "clean")/\(number).png"
      try writer.add(
        rendering.image, as: name, labels: flaw.map { [.init($0, mask: rendering.mask)] } ?? [],
        provenance: Provenance(
          source: "rendered steel \(SteelRenderer.version), seed \(renderer.seed), number \(index)",
          group: "surface-\(number)"))
      try writer.addDepth(rendering.depth, of: name)
    }
    return try writer.finish()
  }
}
