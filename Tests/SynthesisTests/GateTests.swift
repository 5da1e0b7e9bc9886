import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Synthesis

/// What gates refuse, what is kept, and that nothing is lost.
struct GateTests {
  private let temporary: TemporaryFolder
  private let set: Dataset

  init() throws {
    temporary = try TemporaryFolder()
    set = try temporary.steel()
  }

  private func synthesis<Maker: DefectMaker>(_ maker: Maker) throws -> PlacedSynthesis<Maker> {
    try PlacedSynthesis(maker, on: set, shapes: DefectLibrary(of: set), placer: DefectPlacer(), seed: 5)
  }

  private func gates(_ gates: Set<Gate>, keep: Double = 1) throws -> DefectGates {
    try DefectGates(GateSettings(gates: gates, keep: keep), on: set, library: DefectLibrary(of: set))
  }

  @Test(arguments: WrongMaker.Fault.allCases)
  func faultsAreRefusedByTheirGate(fault: WrongMaker.Fault) throws {
    let gate: Gate = fault == .elsewhere ? .change : .agreement
    // All are refused: an error that counts them, and all of them beside with reason and figures.
    #expect {
      try synthesis(WrongMaker(fault: fault)).synthesize(
        count: 5, to: temporary["made"], gates: gates([.change, .agreement]))
    } throws: {
      "\($0)".contains("\(gate.rawValue) 5") && "\($0)".contains("made.refused")
    }
    #expect(try !temporary.names().contains("made"))
    let refused = try Dataset(at: temporary["made.refused"])
    #expect(refused.images.count == 5)
    for image in refused.images {
      let synthetic = try #require(image.provenance.synthetic)
      #expect(synthetic.refused?.hasPrefix("\(gate.rawValue): ") ?? false)
      #expect(synthetic.figures?["outside"] == (fault == .elsewhere ? 1 : 0))
      if fault == .nothing { #expect(synthetic.figures?["changed"] == 0 && synthetic.figures?["change"] == 0) }
      #expect(image.annotations.first?.segmentation != nil && image.split == .train)
    }
    // Without the gate that refuses all pass.
    let other: Gate = fault == .elsewhere ? .agreement : .change
    let made = try synthesis(WrongMaker(fault: fault)).synthesize(
      count: 5, to: temporary["made"], gates: gates([other]), replacing: true)
    #expect(made.kept.images.count == 5 && made.refused == nil && made.reasons.isEmpty)
    // What an earlier set refused went with it.
    #expect(try !temporary.names().contains("made.refused"))
  }

  /// As many are made as it takes; those kept are the first ones that pass.
  @Test func asManyAreMadeAsItTakes() throws {
    let all = try synthesis(DefectPaster(set)).synthesize(
      count: 40, to: temporary["all"], gates: gates([.seam, .agreement]))
    let passed = all.kept.images.map(\.fileName).sorted()
    try #require(passed.count > 6 && passed.count < 40)
    var told: [Int] = []
    let made = try synthesis(DefectPaster(set)).synthesize(
      passing: 6, of: 40, to: temporary["made"], gates: gates([.seam, .agreement])
    ) { told.append($0) }
    #expect(made.kept.images.map(\.fileName).sorted() == Array(passed.prefix(6)))
    let last = try #require(passed.prefix(6).last)
    #expect((made.refused?.images ?? []).allSatisfy { $0.fileName < last } && told.last == 6)
    // Where nothing passes, the set is empty and what was refused stands beside it.
    let none = try synthesis(WrongMaker(fault: .nothing)).synthesize(
      passing: 3, of: 20, to: temporary["none"], gates: gates([.agreement]))
    #expect(none.kept.images.isEmpty && none.refused?.images.count == 20 && none.reasons == ["agreement": 20])
    #expect(try Dataset(at: temporary["none"]).images.isEmpty)
  }

  /// The gates' images are those that are made without: the same bytes, each in one of the two sets.
  @Test func nothingIsLost() throws {
    let plain = try synthesis(DefectPaster(set)).synthesize(count: 20, to: temporary["plain"])
    #expect(plain.images.allSatisfy { $0.provenance.synthetic?.figures == nil })
    let made = try synthesis(DefectPaster(set)).synthesize(
      count: 20, to: temporary["made"], gates: gates([.change, .agreement, .seam], keep: 0.5))
    let refused = try #require(made.refused)
    #expect(made.made == 20 && !made.kept.images.isEmpty)
    #expect(Set(made.kept.images.map(\.fileName)).isDisjoint(with: refused.images.map(\.fileName)))
    let both = (made.kept.images + refused.images).sorted { $0.fileName < $1.fileName }
    #expect(both.map(\.provenance.sha256) == plain.images.map(\.provenance.sha256))
    #expect(both.map { $0.annotations.map(\.segmentation) } == plain.images.map { $0.annotations.map(\.segmentation) })
    var reasons: [String: Int] = [:]
    for image in refused.images {
      let reason = try #require(image.provenance.synthetic?.refused)
      reasons[String(reason.prefix { $0 != ":" }), default: 0] += 1
    }
    #expect(reasons == made.reasons)
    #expect(made.kept.images.allSatisfy { $0.provenance.synthetic?.refused == nil })
    let names = ["change", "changed", "halo", "outside", "rim", "step"]
    #expect(
      both.allSatisfy {
        Set($0.provenance.synthetic?.figures?.keys.sorted() ?? []).subtracting(["rank"]) == Set(names)
      })
    // The better half by rank of those that passed.
    let passed = 20 - reasons.filter { $0.key != GatedSet.notKept }.values.reduce(0, +)
    #expect(made.kept.images.count == max(1, Int((Double(passed) / 2).rounded())))
    func ranks(_ images: [DatasetImage]) -> [Double] { images.compactMap { $0.provenance.synthetic?.figures?["rank"] } }
    let notKept = refused.images.filter { $0.provenance.synthetic?.refused?.hasPrefix("keep: ") ?? false }
    #expect((ranks(made.kept.images).max() ?? 9) <= (ranks(notKept).min() ?? -1))
  }

  @Test func bothPlacesMustBeFree() throws {
    try temporary.write("x", "made.refused/file")
    #expect(throws: InputError.self) {
      try synthesis(DefectPaster(set)).synthesize(count: 2, to: temporary["made"], gates: gates([.change]))
    }
    #expect(try temporary.names().filter { $0.hasPrefix("made") || $0.hasPrefix(".") } == ["made.refused"])
  }

  @Test func settingsAreChecked() throws {
    #expect(throws: InputError.self) { try GateSettings(keep: 0) }
    #expect(throws: InputError.self) { try GateSettings(keep: 1.5) }
    #expect(throws: InputError.self) { try GateSettings(gates: [.change], keep: 0.5) }
    #expect(throws: Never.self) { try GateSettings(gates: [.seam], keep: 0.5) }
  }

  @Test func theScoreIsTheMeanRank() {
    let score = KeepScore([["a": 1, "b": 30], ["a": 2, "b": 10], ["a": 3, "b": 10]])
    #expect(score.scores == [1, 0.75, 1.25])
    #expect(score.best(0.67) == [0, 1] && score.best(0.01) == [1] && score.best(1) == [0, 1, 2])
  }
}
