import Foundation
import Models
import Runs
import Torch

/// What the training's own loader makes of pictures that tell where they come from. It is seen from outside alone.
extension TranslatorChecks {
  /// Pictures of one domain, twice as many of the other; drawn from often enough that by chance none of 8 is left out but
  /// once in 10⁸ (8 · (7/8)¹⁶⁰).
  private static let counts = (few: 4, many: 8)
  private static let pairSamples = 160
  private static let cropSamples = 64
  var probeSeconds: Double { 3 }

  // MARK: Pairs

  func pairs() throws -> Outcome {
    guard subject.loader != nil else { return .notRun(Self.noLoader) }
    let (few, many) = Self.counts
    let first = try pairs(clean: few, defect: many)
    guard first.objections.isEmpty else { return first.outcome }
    let second = try pairs(clean: many, defect: few)
    return PairFindings(
      objections: second.objections, measures: first.measures + second.measures
    ).outcome
  }

  private struct PairFindings {
    var objections: [String] = []
    var measures: [CheckResult.Measure] = []

    var outcome: Outcome {
      objections.isEmpty
        ? Outcome(.pass, "every image is used, and meets most of the other domain's in turn", measures: measures)
        : Outcome(.fail, objections.joined(separator: "; "), measures: measures)
    }
  }

  private func pairs(clean: Int, defect: Int) throws -> PairFindings {
    let sizes = "\(clean) clean, \(defect) defective"
    var findings = PairFindings()
    let met: [(clean: Double, defect: Double)]
    do {
      met = try probed(.index, clean: clean, defect: defect, samples: Self.pairSamples) { try $0.mean().item() }
    } catch {
      findings.objections.append("no batch comes of \(sizes): \(error)")
      return findings
    }
    var pairs: [[Int]] = []
    for (a, b) in met {
      guard let a = ProbeFolder.image(ofGrey: a), let b = ProbeFolder.image(ofGrey: b) else {
        findings.objections.append("greys of the files do not come back (\(sizes)): \(a.short) and \(b.short)")
        return findings
      }
      guard a.domain == 0, b.domain == 1 else {
        findings.objections.append("an image of one domain is given as one of the other (\(sizes))")
        return findings
      }
      pairs.append([a.index, b.index])
    }
    let (seenClean, seenDefect) = (Set(pairs.map { $0[0] }), Set(pairs.map { $0[1] }))
    let share = Double(Set(pairs).count) / Double(clean * defect)
    findings.measures = [
      .init("\(sizes): clean images that are used", Double(seenClean.count), "\(clean)"),
      .init("\(sizes): defective images that are used", Double(seenDefect.count), "\(defect)"),
      .init("\(sizes): share of possible pairs that meet", share, "≥ 0.5"),
    ]
    let short = min(clean, defect)
    for (name, seen, count) in [("clean", seenClean, clean), ("defective", seenDefect, defect)] where seen.count < count
    {
      // One that is never fixed to its partner is drawn, but with the wrong length.
      let isZipped = Set(pairs).count <= short
      let reason =
        seen.contains { $0 >= short }
        ? "" : isZipped ? ": the domains are zipped to the shorter one" : ": it is drawn with the other domain's length"
      findings.objections.append(
        "\(count - seen.count) of \(count) \(name) images are never used (\(sizes))\(reason)")
    }
    // Of 32 pairs 160 random draws meet all but 0.2 on average; of fixed ones 4 or 8 meet.
    if share < 0.5 {
      findings.objections.append(
        "images meet the same partners over and over: \(Set(pairs).count) of \(clean * defect) pairs (\(sizes))")
    }
    return findings
  }

  // MARK: Crops

  func crops() throws -> Outcome {
    guard subject.loader != nil else { return .notRun(Self.noLoader) }
    var same: [String] = []
    var measures: [CheckResult.Measure] = []
    let columns = try probed(.column, clean: 4, defect: 4, samples: Self.cropSamples) { image in
      let width = image.shape[2]
      let slope = try image.sliced(2, width / 2..<width).mean() - image.sliced(2, 0..<width / 2).mean()
      return (place: try image.mean().item(), isMirrored: try slope.item() < 0)
    }
    let rows = try probed(.row, clean: 4, defect: 4, samples: Self.cropSamples) { try $0.mean().item() }
    let places = [("left edges", columns.map { ($0.place, $1.place) }), ("upper edges", rows.map { ($0, $1) })]
    for (edges, places) in places where Self.varies(places.map(\.0)) && Self.varies(places.map(\.1)) {
      let correlation = Self.correlation(places)
      measures.append(.init("correlation of \(edges)", correlation, "−0.6 … 0.6"))
      // Of 64 independent pairs it has a standard deviation of 1/8.
      if !(abs(correlation) < 0.6) { same.append("\(edges) of clean and defective crops go together") }
    }
    let flips = columns.map { ($0.isMirrored, $1.isMirrored) }
    if flips.contains(where: \.0), flips.contains(where: { !$0.0 }), flips.contains(where: \.1),
      flips.contains(where: { !$0.1 })
    {
      // Of 64 independent pairs half agree, with a standard deviation of 1/16.
      let agreement = Double(flips.count { $0.0 == $0.1 }) / Double(flips.count)
      measures.append(.init("pairs of which both or none are mirrored", agreement, "0.15 … 0.85"))
      if !(0.15...0.85).contains(agreement) { same.append("clean and defective images are mirrored together") }
    }
    guard same.isEmpty else { return Outcome(.fail, same.joined(separator: "; "), measures: measures) }
    guard !measures.isEmpty else { return .notRun("images are neither cropped nor mirrored at random") }
    return Outcome(.pass, "crops and flips of the two domains have nothing to do with each other", measures: measures)
  }

  /// By more than a grey.
  private static func varies(_ values: [Double]) -> Bool { (values.max() ?? 0) - (values.min() ?? 0) > 2 / 127.5 }

  private static func correlation(_ pairs: [(Double, Double)]) -> Double {
    let count = Double(pairs.count)
    let means = (
      pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count
    )
    var (product, clean, defect) = (0.0, 0.0, 0.0)
    for pair in pairs {
      let (a, b) = (pair.0 - means.0, pair.1 - means.1)
      product += a * b
      clean += a * a
      defect += b * b
    }
    return product / (clean * defect).squareRoot()
  }

  // MARK: Passes

  private static let noLoader = "batches do not come from two lists of files alone"

  /// What `measure` says of so many pairs of images [C, H, W] that the loader makes of coded pictures.
  private func probed<Value>(
    _ code: ProbeFolder.Code, clean: Int, defect: Int, samples: Int, _ measure: (Tensor) throws -> Value
  ) throws -> [(clean: Value, defect: Value)] {
    guard let loader = subject.loader else { return [] }
    // Twice as wide as a crop, so that there is room to cut at random.
    let side = try 2 * subject.batch(0).clean.shape[3]
    return try ProbeFolder.with(code, clean: clean, defect: defect, side: side) { folder in
      let batches = try loader(folder.clean, folder.defect, seed)
      var result: [(clean: Value, defect: Value)] = []
      var step = 0
      while result.count < samples, step < samples {
        let batch = try batches(step)
        for index in 0..<min(batch.clean.shape[0], batch.defect.shape[0]) {
          result.append((try measure(batch.clean.selected(0, index)), try measure(batch.defect.selected(0, index))))
        }
        step += 1
      }
      return Array(result.prefix(samples))
    }
  }
}
