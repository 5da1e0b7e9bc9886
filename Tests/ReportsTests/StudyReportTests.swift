import Files
import Foundation
import Runs
import TestFolders
import Testing

@testable import Reports

struct StudyReportTests {
  private let folder: TemporaryFolder
  private let library: ChartLibrary

  init() throws {
    folder = try TemporaryFolder()
    library = try ChartLibrary(contentsOf: FakeStudy.writeLibrary(to: folder.url))
  }

  private func page(_ results: StudyResults) throws -> String {
    try StudyReport(results: results, folder: folder.url, library: library).html()
  }

  /// The text between an opening tag and the next closing one.
  private func content(of page: String, from start: String, to end: String) throws -> String {
    let first = try #require(page.range(of: start))
    let last = try #require(page.range(of: end, range: first.upperBound..<page.endIndex))
    return String(page[first.upperBound..<last.lowerBound])
  }

  private struct DrawnChart: Decodable {
    struct Series: Decodable {
      var name: String
      var points: [[Double?]]
    }
    var id: String
    var kind: String
    var series: [Series]
  }

  private func charts(_ page: String) throws -> [DrawnChart] {
    let json = try content(of: page, from: "id=\"charts\">", to: "</script>")
    return try JSONDecoder().decode([DrawnChart].self, from: Data(json.utf8))
  }

  @Test func theVerdictComesFirstAndTheFiguresFollow() throws {
    let page = try page(FakeStudy.results())
    let verdict = try #require(page.range(of: "class=\"verdict helps\""))
    let table = try #require(page.range(of: "<table"))
    #expect(verdict.lowerBound < table.lowerBound)
    for text in [
      "Synthetic images help.", "By +0.125.", "+0.125", "+0.062 to +0.188", "&lt; 0.001", "0.625", "0.562 to 0.688",
      "41 + 43 synthetic", "2 min 11 s", "patina study tiles.yaml", "600 test images",
      "Recall with at most 5 % false alarms",
      "mean over defects", "95 % interval",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(!page.contains("Read with care"))
  }

  /// Fractions bring a curve, a table of it and what additions are worth; an arm of small fractions alone is not forgotten.
  @Test func aStudyOfFractionsShowsItsCurve() throws {
    var results = FakeStudy.results()
    #expect(try !page(results).contains("With fewer real defects"))
    func arm(_ name: String, _ title: String, _ value: Double) -> FractionRecord.Arm {
      FractionRecord.Arm(
        name: name, title: title, value: value, interval: Interval(lower: value - 0.1, upper: value + 0.1),
        difference: name == "real" ? nil : 0.03125, differenceInterval: Interval(lower: 0.0078125, upper: 0.0625))
    }
    results.splits = [1, 2, 3]
    results.curve = [
      FractionRecord(
        fraction: 0.25, defects: 10,
        arms: [arm("real", "Real only", 0.3), arm("synthetic", "Real + synthetic", 0.33), arm("oracle", "Oracle", 0.9)]),
      FractionRecord(fraction: 1, defects: 40, arms: [arm("real", "Real only", 0.5)]),
    ]
    results.worth = [
      WorthRecord(
        arm: "synthetic", fraction: 0.25, defects: 10, added: 50, worth: 7, interval: Interval(lower: 2, upper: 23),
        isAtLeast: false)
    ]
    let page = try page(results)
    for text in [
      "With fewer real defects", "10 (a fraction of 0.25)", "0.330", "+0.031 (+0.008 to +0.062)", "Oracle", "2 to 23",
      "by split", "3 splits of the data, each with 5 seeds", "each of 2 shares",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    let chart = try #require(try charts(page).first { $0.id == "chart-curve" })
    #expect(chart.series.map(\.name) == ["Real only", "Real + synthetic", "Oversampling", "Oracle"])
    #expect(chart.series.map(\.points.count) == [2, 1, 0, 1] && chart.series[0].points[1] == [40, 0.5])
  }

  @Test func everyChartHasItsPlaceAndItsData() throws {
    let page = try page(FakeStudy.results())
    let charts = try charts(page)
    #expect(Set(charts.map(\.id)).count == charts.count)
    for chart in charts { #expect(page.contains("<canvas id=\"\(chart.id)\"")) }
    #expect(page.components(separatedBy: "<canvas").count - 1 == charts.count)
    let differences = try #require(charts.first { $0.id == "chart-differences" })
    #expect(differences.series.map(\.name) == ["Real + synthetic", "Oversampling"])
    #expect(differences.series[0].points == [[0.0625], [0.125], [0.1875]])
    let arms = try #require(charts.first { $0.id == "chart-arms" })
    #expect(arms.series.map { $0.points[1] } == [[0.5], [0.625], [0.75]])
    let loss = try #require(charts.first { $0.id == "chart-loss" })
    #expect(loss.series.allSatisfy { (200...300).contains($0.points.count) })
  }

  @Test func oneDefectClassIsNotAlsoShownAsAMean() throws {
    let page = try page(FakeStudy.results(defects: ["blowhole"]))
    #expect(!page.contains("mean over defects") && !page.contains("mean over the defect classes"))
    #expect(page.contains("for blowhole"))
  }

  @Test func whatIsUndefinedIsADash() throws {
    var results = FakeStudy.results()
    for index in results.arms.indices {
      for figure in results.arms[index].figures.indices {
        results.arms[index].figures[figure].value = nil
        results.arms[index].figures[figure].interval = nil
      }
    }
    results.differences = []
    results.precisionRecall = []
    results.loss = []
    let page = try page(results)
    #expect(page.contains("<td>–</td>"))
    #expect(try charts(page).first { $0.id == "chart-arms" }?.series.isEmpty == true)
  }

  /// Whatever text is in the data, it neither opens an element nor ends the script.
  @Test func textFromDataStaysText() throws {
    let evil = "</script><img src=x onerror=alert(1)>'\"&<!--"
    var results = FakeStudy.results(defects: [evil, "crack"])
    results.name = evil
    results.question = evil
    results.verdict.headline = evil
    results.verdict.explanation = [evil]
    results.warnings = [evil]
    results.facts = [Fact(evil, evil)]
    for index in results.arms.indices { results.arms[index].title = evil }
    results.pictures = [
      PictureGroup(title: evil, caption: evil, rows: [PictureRow(label: evil, files: ["a'b.png"])])
    ]
    try folder.write(FakeStudy.png, "a'b.png")
    let page = try page(results)
    #expect(!page.contains("<img src=x"))
    #expect(!page.contains("<!--"))
    #expect(page.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&quot;&amp;"))
    // Three scripts are ours (data, library, drawing), and nothing else opens or closes one.
    #expect(page.components(separatedBy: "<script").count - 1 == 3)
    #expect(page.components(separatedBy: "</script").count - 1 == 3)
    #expect(try charts(page).contains { $0.series.contains { $0.name == evil } })
    #expect(page.contains("alt=\"&lt;/script"))
  }

  /// It opens offline: nothing in it names a place to fetch from.
  @Test func nothingIsFetched() throws {
    var results = FakeStudy.results()
    results.pictures = [PictureGroup(title: "t", caption: "c", rows: [PictureRow(label: "real", files: ["p/a.png"])])]
    try folder.write(FakeStudy.png, "p/a.png")
    let page = try page(results)
    for request in ["http:", "https:", "href=", "url(", "@import", "sourceMappingURL", "src=\"p/"] {
      #expect(!page.contains(request), "\(request)")
    }
    #expect(page.contains("default-src 'none'"))
    #expect(page.contains("src=\"data:image/png;base64,\(FakeStudy.png.base64EncodedString())\""))
  }

  @Test func itIsTheSameEveryTime() throws {
    #expect(try page(FakeStudy.results()) == page(FakeStudy.results()))
  }

  @Test(arguments: [
    "../outside.png", "/etc/passwd", "p/../../outside.png", "link.png", "gone.png", "text.png", "large.png",
  ])
  func refusesPicturesThatAreNone(file: String) throws {
    let study = folder.url.appendingPathComponent("study")
    try folder.write(FakeStudy.png, "outside.png")
    try folder.write("no picture", "study/text.png")
    try folder.write(FakeStudy.png + Data(count: EmbeddedPicture.fileLimit), "study/large.png")
    try FileManager.default.createSymbolicLink(
      at: study.appendingPathComponent("link.png"), withDestinationURL: folder.url.appendingPathComponent("outside.png")
    )
    var results = FakeStudy.results()
    results.pictures = [PictureGroup(title: "t", caption: "c", rows: [PictureRow(label: "real", files: [file])])]
    #expect(throws: InputError.self) {
      try StudyReport(results: results, folder: study, library: library).html()
    }
  }

  @Test func aMissingLibraryNamesThePackage() throws {
    let missing = folder.url.appendingPathComponent("none.js")
    let error = try #require(throws: InputError.self) { try ChartLibrary(contentsOf: missing) }
    #expect(error.remedy.contains("libjs-chart.js"))
    try folder.write("something else", "other.js")
    #expect(throws: InputError.self) { try ChartLibrary(contentsOf: folder.url.appendingPathComponent("other.js")) }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: ChartLibrary.debianPath)))
  func theInstalledLibraryCanBeRead() throws {
    #expect(try ChartLibrary().source.contains("Chart.js v"))
  }
}
