import Files
import Foundation
import Studies
import TestFolders
import Testing

struct StudyPlanTests {
  private func plan(_ extra: String = "", data: String = "d", weights: [String: String] = [:]) throws -> StudyPlan {
    try StudyPlan(
      settings: StudyFile.parse(StudyFileTests.shortest + extra, file: "s.yaml"), parts: [PartPlan(datasetHash: data)],
      translatorHashes: weights)
  }

  /// Names of the cells that a change leaves alone.
  private func kept(_ changed: StudyPlan) throws -> Set<StudyArm> {
    let before = Set(try plan().cells().map(\.id))
    let same = try changed.cells().filter { before.contains($0.id) }
    return Set(same.map(\.arm))
  }

  @Test func cellsAreNamedAfterWhatTheyDependOn() throws {
    let all = Set(StudyArm.standard)
    #expect(try kept(plan()) == all)
    #expect(try kept(plan("seeds: 9")) == all)
    #expect(
      try kept(plan("bootstrap: {replicates: 300}\nsmallest-effect: 0.1\nquestion: q\nfalse-alarm-rate: 0.1")) == all)
    #expect(try kept(plan("synthetic: {ratio: 2}")) == all.subtracting([.synthetic]))
    #expect(try kept(plan("translator: {steps: 9}")) == all.subtracting([.synthetic]))
    #expect(
      try kept(plan("translator: {run: r}", weights: ["blowhole": "w"])) == all.subtracting([.synthetic]))
    #expect(try kept(plan("classifier: {steps: 9}")) == [])
    #expect(try kept(plan("size: 96")) == [])
    #expect(try kept(plan(data: "other")) == [])
    let cells = try plan().cells()
    #expect(Set(cells.map(\.id)).count == 25)
    #expect(cells.prefix(5).allSatisfy { $0.seed == 1 })
    #expect(cells.allSatisfy { $0.id.count == 64 })
  }

  /// Cells of an addition depend on its images, and on nothing that makes another's.
  @Test func cellsDependOnWhatTheirArmAdds() throws {
    let arms = "arms: [real, synthetic, copy-paste, copy-paste+augmentation, placebo, effective-number]\n"
    func cells(_ extra: String = "", _ hashes: [String: String] = [:]) throws -> [StudyArm: String] {
      let plan = try StudyPlan(
        settings: StudyFile.parse(StudyFileTests.shortest + arms + extra, file: "s.yaml"),
        parts: [PartPlan(datasetHash: "d", additionHashes: hashes.mapValues { ["blowhole": $0] })])
      return try Dictionary(
        uniqueKeysWithValues: plan.cells().filter { $0.seed == 1 }.map { ($0.arm, $0.id) })
    }
    func changed(_ extra: String = "", _ hashes: [String: String] = [:]) throws -> Set<String> {
      let (before, after) = (try cells(), try cells(extra, hashes))
      return Set(before.filter { after[$0.key] != $0.value }.map(\.key.rawValue))
    }
    #expect(try cells().count == 6 && Set(cells().values).count == 6)
    #expect(try changed("synthetic: {ratio: 2}") == ["synthetic", "copy-paste", "copy-paste+augmentation", "placebo"])
    #expect(try changed("translator: {steps: 9}") == ["synthetic"])
    #expect(try changed("", ["copy-paste": "h"]) == ["copy-paste", "copy-paste+augmentation"])
    #expect(try changed("", ["placebo": "h"]) == ["placebo"])
  }

  @Test func theHashSpeaksOfContentsNotOfPaths() throws {
    #expect(
      try plan("translator: {run: a}", weights: ["blowhole": "w"]).hash
        == plan("translator: {run: b}", weights: ["blowhole": "w"]).hash)
    #expect(
      try plan("translator: {run: a}", weights: ["blowhole": "w"]).hash
        != plan("translator: {run: a}", weights: ["blowhole": "v"]).hash)
    #expect(try plan("smallest-effect: 0.1").hash != plan().hash)
    #expect(throws: InputError.self) { try plan("translator: {run: a}") }
    #expect(throws: InputError.self) { try plan(weights: ["blowhole": "w"]) }
  }

  @Test func itSurvivesTheDiskAndShowsTampering() throws {
    let folder = try TemporaryFolder()
    let written = try plan("synthetic: {count: 7}")
    try written.write(to: folder.url)
    #expect(try StudyPlan.read(from: folder.url) == written)
    let file = folder.url.appendingPathComponent(StudyPlan.fileName)
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains("\"count\" : 7"))
    try text.replacing("\"count\" : 7", with: "\"count\" : 8").write(to: file, atomically: true, encoding: .utf8)
    #expect(throws: InputError.self) { try StudyPlan.read(from: folder.url) }
  }
}
