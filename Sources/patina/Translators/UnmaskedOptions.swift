import ArgumentParser
import Datasets
import Foundation
import Synthesis

/// What a run without masks makes, and how it is labelled.
struct UnmaskedOptions: ParsableArguments {
  /// What says where a defect is.
  enum Labels: String, CaseIterable, ExpressibleByArgument {
    /// The mask of what the translation changed.
    case mask
    /// Nothing: the whole image is labelled.
    case image
  }

  @Flag(help: "Translate whole images at native scale. Each is used once, and once mirrored.") var whole = false
  @OptionGroup var tiling: TilingOptions
  @Option(help: "'mask': by what the translation changed (default); 'image': as a whole.") var labels: Labels?
  @Option(
    help: """
      Masks whose pixels stand out less from those around them are refused: Otsu's \
      share of variance between them, 0 to 1 (default 0.7). So are images of which little but light remains. 0 refuses none.
      """)
  var maskQuality: Double?

  /// Whether an option was given that runs with masks have no use for.
  var isUsed: Bool { whole || labels != nil || maskQuality != nil || tiling.tiling != .automatic }

  func validate() throws {
    guard maskQuality.map({ (0...1).contains($0) }) ?? true else { throw ValidationError("--mask-quality is 0 to 1") }
    guard labels != .image || maskQuality == nil else { throw ValidationError("--mask-quality is of --labels mask") }
    guard whole || tiling.tiling == .automatic else { throw ValidationError("--tile is of --whole") }
  }

  func synthesize(
    by translator: Translator, on dataset: Dataset, count: Int, to folder: URL, seed: UInt64, progress: (Int) -> Void
  ) throws -> (kept: Dataset, summary: DifferenceSummary?) {
    if whole { tiling.warn(of: translator) }
    let synthesizer = try Synthesizer(translator, dataset: dataset, seed: seed, whole: whole ? tiling.tiling : nil)
    guard labels != .image else {
      return (try synthesizer.synthesize(count: count, to: folder, progress: progress), nil)
    }
    var settings = DifferenceMaskSettings()
    if let maskQuality {
      settings.leastQuality = maskQuality
      if maskQuality == 0 { (settings.mostChanged, settings.leastSurface) = (1, -1) }
    }
    let made = try synthesizer.synthesize(count: count, to: folder, masks: settings, progress: progress)
    return (made.kept, DifferenceSummary(made, settings))
  }
}
