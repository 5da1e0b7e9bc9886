import Datasets
import Files
import Images
import Torch
import Training

/// Judges made images by what the defects of the training split are like.
///
/// A gate refuses; what it measured is kept with the image either way. Thresholds come from the real defects, so a share of
/// 0.99 would refuse about one real defect of a hundred by each figure: with few real ones they are as good as the extremes.
public struct DefectGates {
  public let settings: GateSettings
  /// What windows are compared by.
  public let features: WindowFeatures
  private let memory: DefectMemory?
  private let seams: SeamRanges?
  private let references: [DefectShape.Origin]
  private let judges: [any DefectJudge]

  /// What was found out about one image.
  struct Judgement {
    var figures: [String: Double] = [:]
    /// The refusing gate's name, a colon and the reason; nil where none refuses.
    var refused: String?
    /// Its window's features: for the set's diversity.
    var row: [Float] = []
  }

  /// Measures the real defects, as far as the gates need them.
  ///
  /// - Parameters:
  ///   - library: of the training split of `dataset`.
  ///   - network: nil compares pixels.
  ///   - judges: whom the gates `opinion` and `discriminator` ask; those of gates that are not among the settings' are not asked.
  /// - Throws: `InputError` when an image cannot be read, the defects are too few for the gate `memory`, or the gate `opinion`
  ///   or `discriminator` has nobody to ask.
  public init(
    _ settings: GateSettings, on dataset: Dataset, library: DefectLibrary, network: FeatureNetwork? = nil,
    judges: [any DefectJudge] = [], threads: Int = 2
  ) throws {
    try settings.check()
    self.settings = settings
    features = WindowFeatures(network)
    for (gate, judge) in [(Gate.opinion, "a classifier"), (.discriminator, "a translator's run")]
    where settings.gates.contains(gate) && !judges.contains(where: { $0.gate == gate }) {
      throw InputError(at: "gate \(gate.rawValue)", expected: judge, found: "none")
    }
    self.judges = judges.filter { settings.gates.contains($0.gate) }
    guard !settings.gates.isDisjoint(with: [.memory, .seam]) else {
      (memory, seams, references) = (nil, nil, [])
      return
    }
    let real = try RealDefects(library, in: dataset, side: features.side, threads: threads)
    references = real.origins
    memory =
      settings.gates.contains(.memory)
      ? try DefectMemory(
        real.windows, groups: real.origins.map(\.group), features: features, share: settings.memoryShare,
        at: dataset.folder.path) : nil
    seams = settings.gates.contains(.seam) ? SeamRanges(real.rims, share: settings.seamShare) : nil
  }

  /// - Parameter reach: the maker's.
  func judge(_ images: [Image], of placed: [PlacedDefect], reach: Int, threads: Int) throws -> [Judgement] {
    let settings = settings, seams = seams, side = features.side
    let measured = try parallelMap(count: images.count, threads: threads) { index in
      Result { try Self.measure(images[index], of: placed[index], reach, settings, seams, side) }
    }.map { try $0.get() }
    let rows = try features.rows(of: measured.map(\.window))
    let nearest = try memory?.nearest(to: rows)
    let placements = placed.map(\.placement)
    let opinions = try judges.map { try $0.scores(of: images, placements) }
    let width = rows.shape[1]
    let values = try rows.converted(to: .float32).elements(as: Float.self)
    return measured.enumerated().map { index, measured in
      var result = Judgement(
        figures: measured.figures, row: Array(values[index * width..<(index + 1) * width]))
      var reasons = measured.reasons
      if let memory, let nearest {
        let distance = nearest.distances[index]
        result.figures["memory"] = GateText.rounded(distance)
        if distance < memory.threshold {
          let origin = references[nearest.defects[index]]
          reasons[.memory] =
            "\(GateText.number(distance)) from a defect of \(origin.fileName), real ones are farther apart than "
            + GateText.number(memory.threshold)
        }
      }
      for (judge, scores) in zip(judges, opinions) {
        result.figures[judge.gate.rawValue] = GateText.rounded(scores[index])
        reasons[judge.gate] = judge.reason(against: scores[index], in: placements[index].category)
      }
      result.refused = Gate.allCases.lazy.compactMap { gate in reasons[gate].map { "\(gate.rawValue): \($0)" } }.first
      return result
    }
  }

  /// How usual the figures are, each in units of its spread; of `changed` how much is missing. Lower is better.
  func oddities(_ figures: [String: Double], _ category: String) -> [String: Double] {
    var result: [String: Double] = [:]
    if let changed = figures["changed"] { result["changed"] = 1 - changed }
    if let distance = figures["memory"], let memory { result["memory"] = abs(distance - memory.median) }
    for judge in judges {
      let gate = judge.gate.rawValue
      result[gate] = figures[gate].flatMap { judge.oddity(of: $0, in: category) }
    }
    for (name, range) in seams?.ranges(of: category) ?? [:] {
      guard let value = figures[name] else { continue }
      result[name] = abs(value - range.median) / max(range.spread, 1e-6)
    }
    return result
  }

  private static func measure(
    _ image: Image, of placed: PlacedDefect, _ reach: Int, _ settings: GateSettings, _ seams: SeamRanges?, _ side: Int
  ) throws -> (figures: [String: Double], reasons: [Gate: String], window: Image) {
    var figures: [String: Double] = [:]
    var reasons: [Gate: String] = [:]
    let placement = placed.placement
    if !settings.gates.isDisjoint(with: [.change, .agreement]) {
      let agreement = try MaskAgreement(
        of: image, to: placed.clean, mask: placement.mask, reach: reach, greyLevels: settings.greyLevels)
      if settings.gates.contains(.change) {
        figures["outside"] = Double(agreement.outside)
        if agreement.outside > 0 {
          reasons[.change] = "\(agreement.outside) pixels farther than \(reach) from the mask changed"
        }
      }
      if settings.gates.contains(.agreement) {
        figures["change"] = GateText.rounded(agreement.change)
        figures["changed"] = GateText.rounded(agreement.changed)
        if agreement.change < settings.leastChange || agreement.changed < settings.leastChanged {
          reasons[.agreement] =
            "hardly anything changed, by \(GateText.number(agreement.change)) on average and "
            + "\(GateText.number(agreement.changed)) of the mask"
        }
      }
    }
    if let seams, let rim = try RimFigures(of: image, mask: placement.mask, box: placement.box) {
      for (name, value) in rim.named { figures[name] = GateText.rounded(value) }
      reasons[.seam] = seams.reason(against: rim, in: placement.category)
    }
    return (figures, reasons, try DefectWindow.image(of: image, around: placement.box, side: side))
  }
}
