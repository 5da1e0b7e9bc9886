import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Synthesis

/// A generator that replays its training set is caught, an honest one is not.
struct MemoryGateTests {
  private let temporary: TemporaryFolder
  private let set: Dataset

  init() throws {
    temporary = try TemporaryFolder()
    set = try MarkSet.write(to: temporary["set"])
  }

  private func gated(_ maker: some DefectMaker, upright: Bool = true, count: Int = 40) throws -> GatedSet {
    var placer = try DefectPlacer(scales: 1...1)
    if upright { (placer.angles, placer.mirrors) = (0...0, false) }
    let library = try DefectLibrary(of: set)
    return try PlacedSynthesis(maker, on: set, shapes: library, placer: placer, seed: 4)
      .synthesize(
        count: count, to: temporary["made"],
        gates: DefectGates(GateSettings(gates: [.change, .agreement, .memory]), on: set, library: library))
  }

  /// Also with noise stronger than that between two exposures of one group, which a comparison with every other real defect
  /// would take for the usual distance.
  @Test(arguments: [0, 6.0])
  func aReplayedTrainingSetIsRefused(noise: Double) throws {
    // All images refused is an error; the refused set tells.
    _ = try? gated(ReplayingMaker(dataset: set, noise: noise))
    let refused = try Dataset(at: temporary["made.refused"])
    let copies = refused.images.filter { $0.provenance.synthetic?.refused?.hasPrefix("memory: ") ?? false }
    #expect(copies.count >= 38, "\(copies.count) of 40 caught")
    // The reason names the image that was copied, or its other exposure.
    for image in copies {
      let synthetic = try #require(image.provenance.synthetic)
      let source = try #require(synthetic.defectSource?.source)
      #expect(synthetic.refused?.contains(source.dropLast("0.png".count)) ?? false)
      #expect((synthetic.figures?["memory"] ?? 9) < 1)
    }
  }

  @Test func anHonestMakerPasses() throws {
    let made = try gated(HonestMaker())
    #expect(made.kept.images.count >= 36, "\(made.kept.images.count) of 40 kept, \(made.reasons)")
    #expect((made.diversity ?? 0) > 0.5)
  }

  @Test func turnedAndMirroredCopiesAreNearTheirOriginal() throws {
    let mask = Mask(width: MarkSet.size, height: MarkSet.size, box: MarkSet.box)
    let windows = try (0..<4).map {
      try DefectWindow.image(
        of: MarkSet.image(UInt64($0), mark: mask, noise: UInt64($0)), around: MarkSet.box, side: 32)
    }
    let features = WindowFeatures()
    let memory = try DefectMemory(windows, groups: ["a", "b", "c", "d"], features: features, share: 0.99, at: "")
    for window in windows {
      let found = try memory.nearest(to: features.rows(of: window.orientations()))
      #expect(found.distances.allSatisfy { $0 < 0.01 } && Set(found.defects).count == 1)
    }
    #expect(memory.threshold > 0.3 && memory.threshold <= memory.median)
  }

  @Test func oneGroupIsTooFew() throws {
    let one = try MarkSet.write(to: temporary["one"], groups: 1)
    #expect {
      try DefectGates(GateSettings(gates: [.memory]), on: one, library: DefectLibrary(of: one))
    } throws: {
      "\($0)".contains("two groups")
    }
    #expect(throws: Never.self) {
      try DefectGates(GateSettings(gates: [.change, .seam]), on: one, library: DefectLibrary(of: one))
    }
  }
}
