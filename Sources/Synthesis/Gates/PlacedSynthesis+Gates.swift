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
    let judged = try judged(count: count, to: folder, gates: gates, replacing: replacing) { made, _ in
      progress(made)
      return true
    }
    guard judged.passed.count > 0 else {
      try judged.refused.finish()
      let counts = judged.reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      throw InputError(
        at: folder.path, expected: "images that pass the gates", found: "none of \(count) (refused by \(counts))",
        remedy: "Look at \(GatedSet.refusedFolder(of: folder).path), and choose other gates")
    }
    return try judged.finish(replacing: replacing)
  }

  /// Makes images until `wanted` of them pass, or `most` are made. Fewer may pass then, or none: the set is empty in that case.
  ///
  /// Images are the first ones that pass of those that are made without gates.
  /// - Parameter progress: called with the number of images that passed.
  @discardableResult
  public func synthesize(
    passing wanted: Int, of most: Int, to folder: URL, gates: DefectGates, progress: (Int) -> Void = { _ in }
  ) throws -> GatedSet {
    try judged(count: most, wanted: wanted, to: folder, gates: gates) { _, passed in
      progress(min(passed, wanted))
      return passed < wanted
    }.finish(replacing: false)
  }

  /// Makes images and judges them; those that passed and the others wait in two writers.
  ///
  /// - Parameters:
  ///   - wanted: what passes after so many is not written; nil for all.
  ///   - goesOn: asked with the numbers of images that are made and that passed.
  private func judged(
    count: Int, wanted: Int? = nil, to folder: URL, gates: DefectGates, replacing: Bool = false,
    goesOn: (_ made: Int, _ passed: Int) -> Bool
  ) throws -> JudgedImages {
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
      return goesOn(range.upperBound, waiting.count { $0.refused == nil })
    }
    if let wanted { waiting.removeAllBeyond(wanted) }
    refuseAllButTheBest(&waiting, gates)
    var reasons: [String: Int] = [:]
    var diversity = SetDiversity(of: waiting.count { $0.reason == nil })
    for image in waiting {
      let spooled = try spool.read(Spooled.self, at: image.piece)
      if let reason = image.reason { reasons[reason, default: 0] += 1 } else { diversity.add(spooled.row) }
      try spooled.add(to: image.reason == nil ? passed : refused, image)
    }
    return JudgedImages(
      passed: passed, refused: refused, reasons: reasons, diversity: try diversity.meanDistance())
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
  var reason: String? { refused.map(GatedSet.name(ofRefusal:)) }
}

extension [Waiting] {
  /// Ends with the last of the first `wanted` images that passed.
  fileprivate mutating func removeAllBeyond(_ wanted: Int) {
    let passed = indices.filter { self[$0].refused == nil }
    if passed.count >= wanted { removeSubrange((passed[wanted - 1] + 1)...) }
  }
}

/// Images that were judged and are not in their places yet.
private struct JudgedImages {
  let passed: DatasetWriter
  let refused: DatasetWriter
  let reasons: [String: Int]
  let diversity: Double?

  func finish(replacing: Bool) throws -> GatedSet {
    try GatedSet.finish(passed, refused, replacing: replacing, reasons: reasons, diversity: diversity)
  }
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
