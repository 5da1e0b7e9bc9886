import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing
import Training

@testable import Synthesis

/// A data set whose masks are what its translations changed.
struct SynthesizerMaskTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset
  private let translator: Translator

  init() throws {
    folder = try TemporaryFolder()
    dataset = try folder.steel(size: 64)
    // Steps so large that what comes out is wild, and no two images change alike.
    translator = try Translator(run: folder.cycleGAN(on: dataset, steps: 12, learningRate: 0.02))
  }

  private func settings(_ quality: Double) -> DifferenceMaskSettings {
    var settings = DifferenceMaskSettings()
    (settings.leastQuality, settings.mostChanged) = (quality, 1)
    (settings.leastArea, settings.leastLevels, settings.leastSurface) = (1, 1, -1)
    return settings
  }

  @Test func everyImageIsLabelledByWhatChanged() throws {
    let synthesizer = try Synthesizer(translator, dataset: dataset, seed: 2, whole: .whole)
    let plain = try synthesizer.synthesize(count: 8, to: folder["plain"])
    let made = try synthesizer.synthesize(count: 8, to: folder["made"], masks: settings(0))
    #expect(made.refused == nil && made.reasons.isEmpty && made.diversity == nil)
    #expect(made.kept.images.map(\.provenance.sha256) == plain.images.map(\.provenance.sha256))
    for image in made.kept.images {
      let synthetic = try #require(image.provenance.synthetic)
      let source = try #require(dataset.images.first { $0.fileName == synthetic.source })
      let difference = try DifferenceMask(
        of: made.kept.pixels(of: image), from: dataset.pixels(of: source), settings: settings(0))
      #expect(made.kept.className(of: image) == dataset.categories[0].name && image.annotations.count == 1)
      let figures = try #require(synthetic.figures)
      #expect(
        Set(figures.keys) == ["mask_quality", "mask_share", "mask_surface", "mask_threshold"]
          && synthetic.refused == nil)
      #expect(abs((figures["mask_quality"] ?? -1) - difference.quality) < 1e-5)
      if difference.mask.isEmpty {
        #expect(made.kept.mask(of: image) == nil && image.annotations[0].box.width == 64)
      } else {
        #expect(made.kept.mask(of: image) == difference.mask)
      }
    }
  }

  /// Between the qualities that there are, a bound parts the images, and none is lost.
  @Test func whatIsNotToBeTrustedLiesBeside() throws {
    let synthesizer = try Synthesizer(translator, dataset: dataset, seed: 2)
    let all = try synthesizer.synthesize(count: 10, to: folder["all"], masks: settings(0)).kept
    let qualities = all.images.compactMap { $0.provenance.synthetic?.figures?["mask_quality"] }.sorted()
    let (low, high) = (try #require(qualities.first), try #require(qualities.last))
    try #require(low < high)
    let made = try synthesizer.synthesize(count: 10, to: folder["made"], masks: settings((low + high) / 2))
    let refused = try #require(made.refused)
    #expect(made.made == 10 && made.reasons == [Synthesizer.maskReason: refused.images.count])
    #expect(refused.folder.lastPathComponent == "made.refused")
    for image in refused.images + made.kept.images {
      let synthetic = try #require(image.provenance.synthetic)
      let isLess = (synthetic.figures?["mask_quality"] ?? 2) < (low + high) / 2
      #expect((synthetic.refused?.hasPrefix("mask: ") ?? false) == isLess)
      #expect(refused.images.contains { $0.fileName == image.fileName } == isLess)
    }
    let error = #expect(throws: InputError.self) {
      try synthesizer.synthesize(count: 4, to: folder["none"], masks: settings(1))
    }
    #expect(error?.description.contains("none.refused") ?? false)
    #expect(try !folder.names().contains("none") && folder.names().contains("none.refused"))
  }
}
