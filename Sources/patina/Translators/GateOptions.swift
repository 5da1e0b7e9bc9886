import ArgumentParser
import Datasets
import Files
import Foundation
import Synthesis
import Training

/// What judges made images, and how strictly.
struct GateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Gates that judge each image: some of change, agreement, memory, seam, opinion and discriminator with commas between, or none. What \
      they refuse lies in OUT.refused with its reason.
      """, valueName: "gates"))
  var gates: GateList?
  @Option(help: "Keep this share of the images that pass, the most usual ones by their figures (default 1).")
  var keep: Double?
  @Option(
    help: "Gate memory: compare windows by the features of this network, or classifier's run, in place of pixels.")
  var features: String?
  @Option(help: "Gate memory: a copy is nearer to a real defect than this share of real ones are (default 0.99).")
  var memoryShare: Double?
  @Option(
    help: ArgumentHelp(
      "Gate opinion, which this adds: a classifier's run, to be as sure of an image as of real ones.",
      valueName: "run"))
  var opinion: String?
  @Option(
    help: ArgumentHelp(
      "Gate discriminator, which this adds: a translator's run with masks, whose discriminator finds an image as real as real ones.",
      valueName: "run"))
  var discriminator: String?
  @Option(help: "Gate seam: rims may look as those of this share of real defects do (default 0.99).")
  var seamShare: Double?

  /// Whether an option was given that only gates need.
  var isUsed: Bool {
    gates != nil || keep != nil || features != nil || memoryShare != nil || seamShare != nil || opinion != nil
      || discriminator != nil
  }

  func validate() throws {
    for (name, share) in [("keep", keep), ("memory-share", memoryShare), ("seam-share", seamShare)] {
      guard share.map({ $0 > 0 && $0 <= 1 }) ?? true else { throw ValidationError("--\(name) is above 0 and up to 1") }
    }
    guard !(gates?.gates.contains(.opinion) ?? false) || opinion != nil else {
      throw ValidationError("the gate opinion needs --opinion with a classifier's run")
    }
    guard !(gates?.gates.contains(.discriminator) ?? false) || discriminator != nil else {
      throw ValidationError("the gate discriminator needs --discriminator with a translator's run")
    }
    if gates?.gates.isEmpty ?? false, opinion == nil, discriminator == nil,
      keep != nil || features != nil || memoryShare != nil || seamShare != nil
    {
      throw ValidationError("--keep, --features, --memory-share and --seam-share need gates")
    }
  }

  /// Makes and judges images, or only makes them where there are no gates.
  ///
  /// - Parameter standard: the gates where none are named.
  func synthesize<Maker: DefectMaker>(
    by synthesis: PlacedSynthesis<Maker>, count: Int, to folder: URL, replacing: Bool = false, standard: Set<Gate>,
    library: DefectLibrary, threads: Int, progress: (Int) -> Void
  ) throws -> (kept: Dataset, summary: GateSummary?) {
    guard
      let gates = try made(standard: standard, on: synthesis.places.dataset, library: library, threads: threads)
    else {
      return (
        try synthesis.synthesize(count: count, to: folder, replacing: replacing, progress: progress), nil
      )
    }
    let made = try synthesis.synthesize(
      count: count, to: folder, gates: gates, replacing: replacing, progress: progress)
    return (made.kept, GateSummary(made, gates))
  }

  private func made(
    standard: Set<Gate>, on dataset: Dataset, library: DefectLibrary, threads: Int
  ) throws -> DefectGates? {
    let gates = (self.gates?.gates ?? standard).union(opinion == nil ? [] : [.opinion])
      .union(discriminator == nil ? [] : [.discriminator])
    guard !gates.isEmpty else { return nil }
    var settings = try GateSettings(gates: gates, keep: keep ?? 1)
    if let memoryShare { settings.memoryShare = memoryShare }
    if let seamShare { settings.seamShare = seamShare }
    let network = try features.map { try FeatureNetwork(contentsOf: URL(fileURLWithPath: $0)) }
    let opinion = try opinion.map {
      try ClassOpinion(TrainedClassifier(run: URL(fileURLWithPath: $0)), on: dataset, classes: library.classNames)
    }
    let discriminator = try discriminator.map {
      try DiscriminatorOpinion(Translator(named: $0), on: dataset, library: library)
    }
    let judges: [(any DefectJudge)?] = [opinion, discriminator]
    return try DefectGates(
      settings, on: dataset, library: library, network: network, judges: judges.compactMap { $0 }, threads: threads)
  }
}

/// Gates as an option takes them.
struct GateList: ExpressibleByArgument {
  let gates: Set<Gate>

  init?(argument: String) {
    guard argument != "none" else {
      gates = []
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Gate(rawValue: String($0)) }
    let known = parts.compactMap { $0 }
    guard known.count == parts.count else { return nil }
    gates = Set(known)
  }
}
