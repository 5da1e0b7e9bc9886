import Datasets
import Files
import Foundation
import Images

extension PlacedSynthesis {
  /// Makes `count` images, judges each, and writes those that pass as a data set and the others as one beside it.
  ///
  /// The images are the ones that are made without gates. Nothing is lost: refused images carry their figures and the reason,
  /// and lie in `GatedSet.refusedFolder(of:)`.
  /// - Parameters:
  ///   - count: of the images made; fewer are kept.
  ///   - progress: called with the number of images done.
  /// - Throws: `InputError` when all images are refused; they are then written, and nothing else is.
  @discardableResult
  public func synthesize(
    count: Int, to folder: URL, gates: DefectGates, replacing: Bool = false, progress: (Int) -> Void = { _ in }
  ) throws -> GatedSet {
    let beside = GatedSet.refusedFolder(of: folder)
    let passed = try writer(count: count, to: folder, replacing: replacing)
    let refused = try writer(count: count, to: beside, replacing: replacing)
    let spool = try SpoolFile(in: folder.standardizedFileURL.deletingLastPathComponent())
    var waiting: [Waiting] = []
    try make(count: count) { range, made in
      let judged = try gates.judge(
        made.map(\.pixels), of: made.map(\.placed), reach: maker.reach, threads: threads)
      for (judgement, image) in zip(judged, made) {
        waiting.append(
          Waiting(
            piece: try spool.append(Spooled(image, row: judgement.row)), category: image.placed.placement.category,
            figures: judgement.figures, refused: judgement.refused))
      }
      progress(range.upperBound)
    }
    refuseAllButTheBest(&waiting, gates)
    var reasons: [String: Int] = [:]
    var diversity = SetDiversity(of: waiting.count { $0.reason == nil })
    for image in waiting {
      let spooled = try spool.read(Spooled.self, at: image.piece)
      if let reason = image.reason { reasons[reason, default: 0] += 1 } else { diversity.add(spooled.row) }
      try spooled.add(to: image.reason == nil ? passed : refused, image)
    }
    let counts = reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    guard passed.count > 0 else {
      try refused.finish()
      throw InputError(
        at: folder.path, expected: "images that pass the gates", found: "none of \(count) (refused by \(counts))",
        remedy: "Look at \(beside.path), and choose other gates")
    }
    return try GatedSet.finish(
      passed, refused, replacing: replacing, reasons: reasons, diversity: diversity.meanDistance())
  }

  private func refuseAllButTheBest(_ waiting: inout [Waiting], _ gates: DefectGates) {
    guard gates.settings.keep < 1 else { return }
    let passed = waiting.indices.filter { waiting[$0].reason == nil }
    guard !passed.isEmpty else { return }
    let score = KeepScore(passed.map { gates.oddities(waiting[$0].figures, waiting[$0].category) })
    let best = score.best(gates.settings.keep)
    for (place, index) in passed.enumerated() {
      waiting[index].figures["rank"] = GateText.rounded(score.scores[place])
      guard !best.contains(place) else { continue }
      waiting[index].refused =
        "\(GatedSet.notKept): a mean rank of \(GateText.number(score.scores[place])), and \(best.count) of "
        + "\(passed.count) have a lower one"
    }
  }
}

/// An image whose fate is not known before all are made: only its figures are in memory.
private struct Waiting {
  let piece: SpoolFile.Piece
  let category: String
  var figures: [String: Double]
  var refused: String?

  /// The name that a refusal counts under.
  var reason: String? { refused.map { String($0.prefix { $0 != ":" }) } }
}

/// What of an image waits on the disk.
private struct Spooled: Codable {
  let file: Data
  let name: String
  let category: String
  let mask: RunLengthCode
  let provenance: Provenance
  let row: [Float]

  init(_ image: MadeImage, row: [Float]) {
    self.row = row
    file = image.file
    name = image.name
    category = image.placed.placement.category
    mask = RunLengthCode(image.placed.placement.mask)
    provenance = image.provenance
  }

  fileprivate func add(to writer: DatasetWriter, _ judged: Waiting) throws {
    var provenance = provenance
    provenance.synthetic?.figures = judged.figures
    provenance.synthetic?.refused = judged.refused
    try writer.add(
      file: file, width: mask.width, height: mask.height, as: name, labels: [.init(category, code: mask)],
      split: .train, provenance: provenance)
  }
}
