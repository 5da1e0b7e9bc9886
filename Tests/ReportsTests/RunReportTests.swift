import Files
import Foundation
import Runs
import TestFolders
import Testing

@testable import Reports

struct RunReportTests {
  private let folder: TemporaryFolder
  private let library: ChartLibrary

  init() throws {
    folder = try TemporaryFolder()
    library = try ChartLibrary(contentsOf: FakeStudy.writeLibrary(to: folder.url))
    try folder.write(
      #"{"kind": "translator", "seed": 7, "configuration": {"loss": {"cycle": 10.5}, "betas": [0.5, 0.999]}}"#,
      "run.json")
  }

  private func page() throws -> String { try RunReport(folder: folder.url, library: library).html() }

  @Test func itShowsLossesAndHowItWasMade() throws {
    try folder.write("step,generator,<b>cycle\n1,2.5,1\n2,1.5,0.25\n", "losses.csv")
    let page = try page()
    #expect(page.contains("2 steps recorded, up to step 2"))
    #expect(page.contains("2.5000") && page.contains("0.2500"))
    #expect(page.contains("&lt;b&gt;cycle") && !page.contains("<b>cycle"))
    #expect(page.contains("configuration.loss.cycle") && page.contains("10.5"))
    #expect(page.contains("0.5, 0.999"))
    #expect(page.components(separatedBy: "<canvas").count == 3)
  }

  @Test func aLossThatRanAwayIsSaid() throws {
    try folder.write("step,generator\n1,2.5\n2,nan\n3,inf\n", "losses.csv")
    #expect(try page().contains("2 steps, the first of them 2, have a loss that is not a number"))
  }

  @Test(arguments: ["step,a\n1,x\n", "stop,a\n", "step,a\n1,2,3\n", "step,a\n2,1\n1,1\n"])
  func refusesALossLogThatIsNone(text: String) throws {
    try folder.write(text, "losses.csv")
    #expect(throws: InputError.self) { try page() }
  }

  @Test func aRunWithoutLossesYetIsNoError() throws {
    #expect(try page().contains("No losses have been written yet"))
  }

  @Test func samplesStandInOrderAndAreChosenEvenly() throws {
    for step in 1...47 { try folder.write(FakeStudy.png, "samples/step-\(step).png") }
    try folder.write("no picture", "samples/notes.txt")
    let page = try page()
    let shown = page.components(separatedBy: "alt=\"sample step-").dropFirst().compactMap {
      Int($0.prefix { $0.isNumber })
    }
    #expect(shown.count == 24)
    #expect(shown.first == 1 && shown.last == 47)
    #expect(shown == shown.sorted())
    #expect(page.contains("24 of 47"))
  }

  @Test func longCurvesAreMeans() {
    let points = (0..<10).map { (x: Double($0), y: Double($0)) }
    #expect(Thinned.points(points, to: 5) == [[0.5, 0.5], [2.5, 2.5], [4.5, 4.5], [6.5, 6.5], [8.5, 8.5]])
    #expect(Thinned.points(points, to: 10).count == 10)
    #expect(Thinned.points([(x: 1, y: .nan)], to: 10) == [[1, nil]])
    #expect(Thinned.points([], to: 10).isEmpty)
  }

  @Test func theFolderSaysWhatItIs() throws {
    #expect(try ReportFolder.kind(of: folder.url) == .run)
    let written = try ReportFolder.write(from: folder.url, library: library)
    #expect(written.page.lastPathComponent == "report.html")
    #expect(try String(contentsOf: written.page, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    try JSONFile.write(FakeStudy.results(), to: folder.url.appendingPathComponent(StudyResults.fileName))
    let page = folder.url.appendingPathComponent("other.html")
    #expect(try ReportFolder.write(from: folder.url, to: page, library: library).kind == .study)
    #expect(try String(contentsOf: page, encoding: .utf8).contains("Synthetic images help."))
    let empty = try TemporaryFolder()
    #expect(throws: InputError.self) { try ReportFolder.kind(of: empty.url) }
    try empty.write("{}", "plan.json")
    #expect(
      try #require(throws: InputError.self) { try ReportFolder.kind(of: empty.url) }.remedy.contains("patina study"))
  }

  @Test func resultsOfAnotherVersionAreRefused() throws {
    var results = FakeStudy.results()
    results.version = 9
    try JSONFile.write(results, to: folder.url.appendingPathComponent(StudyResults.fileName))
    let error = try #require(throws: InputError.self) { try ReportFolder.write(from: folder.url, library: library) }
    #expect(error.found == "version 9")
  }
}
