import Datasets
import Foundation
import Images
import Randomness
import Synthesis
import TestFolders
import Testing

/// On the magnetic tiles, where `PATINA_DATA` has them.
struct PasteRealDataTests {
  private static let tiles = ProcessInfo.processInfo.environment["PATINA_DATA"].map {
    URL(fileURLWithPath: $0).appendingPathComponent("mtd")
  }
  private static var hasTiles: Bool { tiles.map { FileManager.default.fileExists(atPath: $0.path) } ?? false }

  /// The tiles, imported and split.
  private func set(_ temporary: TemporaryFolder) throws -> Dataset {
    let source = try #require(Self.tiles)
    _ = try ImportRun(from: source, to: temporary["tiles"]).run(FormatRecognition(of: source).only().importer)
    let imported = try Dataset(at: temporary["tiles"])
    return try SplitRun(Splitter(seed: 1), groups: SplitGroups(of: imported)).run(imported).0
  }

  @Test(.enabled(if: PasteRealDataTests.hasTiles, "needs the magnetic tiles"))
  func hardPastesOfCracksShowTheirSeam() throws {
    let temporary = try TemporaryFolder()
    let set = try self.set(temporary)
    let library = try DefectLibrary(of: set, classes: ["Crack"])
    let gates = try DefectGates(GateSettings(gates: [.agreement, .seam]), on: set, library: library)
    var passed: [CopyPaste.Blend: Int] = [:]
    for blend in CopyPaste.Blend.allCases {
      let synthesis = try PlacedSynthesis(
        DefectPaster(set, blend: blend), on: set, shapes: library, placer: DefectPlacer(), seed: 1
      )
      // Where all are refused that is an error, and none are kept.
      let made = try? synthesis.synthesize(count: 48, to: temporary["\(blend)"], gates: gates)
      passed[blend] = made?.kept.images.count ?? 0
      print("\(blend): kept \(passed[blend] ?? 0) of 48, refused \(made?.reasons ?? [:]), \(library.shapes.count) real")
    }
    #expect((passed[.poisson] ?? 0) > (passed[.none] ?? 48) && (passed[.poisson] ?? 0) > (passed[.feather] ?? 48))
  }

  @Test(.enabled(if: PasteRealDataTests.hasTiles, "needs the magnetic tiles"))
  func cracksArePastedOntoTiles() throws {
    let temporary = try TemporaryFolder()
    let set = try self.set(temporary)
    let library = try DefectLibrary(of: set, classes: ["Crack"])
    let made = try PlacedSynthesis(
      DefectPaster(set), on: set, shapes: library, placer: DefectPlacer(), seed: 1
    ).synthesize(count: 24, to: temporary["pasted"])
    let clean = Set(set.images(inClass: "Free", split: .train).map(\.fileName))
    let cracks = Set(set.images(inClass: "Crack", split: .train).map(\.fileName))
    for image in made.images {
      let origin = try #require(image.provenance.synthetic)
      #expect(clean.contains(origin.source) && cracks.contains(origin.defectSource?.source ?? ""))
      let source = try #require(set.images.first { $0.fileName == origin.source })
      let mask = try #require(image.annotations.first?.segmentation?.mask)
      let (before, after) = (try set.pixels(of: source), try made.pixels(of: image))
      let near = try mask.dilated(by: Double(CopyPaste(.poisson).margin))
      #expect(zip(before.bytes, after.bytes).enumerated().allSatisfy { near.bits[$0] != 0 || $1.0 == $1.1 })
      #expect(zip(before.bytes, after.bytes).enumerated().contains { mask.bits[$0] != 0 && $1.0 != $1.1 })
    }
    // Shapes drawn after the cracks have their areas and elongations.
    let prior = try ShapePrior(fitting: library)
    var random = SeededGenerator(seed: 0)
    let drawn = try (0..<500).map { _ in try ShapeStatistics(of: prior.shape(of: "Crack", &random).mask) }
    let real = try #require(prior.statistics["Crack"])
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    #expect((0.75...1.33).contains(median(drawn.map(\.area)) / median(real.map(\.area))))
    #expect((0.75...1.33).contains(median(drawn.map(\.elongation)) / median(real.map(\.elongation))))
  }
}
