import Foundation
import Runs
import TestFolders
import Testing

@testable import Reports

struct DoctorReportTests {
  private static let hostile = "<script>alert(1)</script>\" onerror=\"x"

  private var record: DoctorRecord {
    DoctorRecord(
      subject: .run, name: "crack & <b>",
      checks: [
        CheckResult(
          name: "network-input", stage: "skeleton", title: "The last tensor", verdict: .pass,
          measures: [.init("least value", -1)], finding: "the pictures of the files", rule: "the same",
          source: "Karpathy",
          seconds: 0.25, pictures: [.init(caption: "as the network sees it", file: Array(FakeStudy.png))]),
        CheckResult(
          name: "update-ratio", stage: "skeleton", title: "Updates against weights", verdict: .fail,
          measures: [.init("median", 3.24e-7, "1e-5 to 1e-1"), .init("largest", .nan, "≤ 1")],
          finding: "updates are too small", advice: "Raise it: `--rate 1e-3`, and look", rule: "about 1e-3",
          source: "Karpathy", seconds: 2),
        CheckResult(
          name: "capacity", stage: "skeleton", title: "More capacity", verdict: .notRun, finding: "the time is used up",
          rule: "falls", source: "Karpathy"),
        CheckResult(
          name: "mode-collapse", stage: "GAN", title: Self.hostile, verdict: .warn,
          measures: [.init("ratio", 0.12345, "≥ 0.1")], finding: Self.hostile, advice: Self.hostile, rule: Self.hostile,
          source: Self.hostile,
          pictures: [
            .init(caption: Self.hostile, file: [0xff, 0xd8, 0xff, 1]), .init(caption: "torn", file: [1, 2, 3]),
          ]),
        CheckResult(
          name: "same-seed", stage: "skeleton", title: "The same seed twice", verdict: .pass,
          finding: "the same losses",
          rule: "the same", source: "Karpathy"),
      ], seconds: 125, facts: [Fact("seed", "7"), Fact(Self.hostile, Self.hostile)])
  }

  private func page(_ record: DoctorRecord) throws -> String { try DoctorReport(record).html() }

  /// Whether these stand in the page in this order.
  private func inOrder(_ page: String, _ pieces: [String]) -> Bool {
    var rest = page[...]
    for piece in pieces {
      guard let range = rest.range(of: piece) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }

  @Test func picturesCanBeLeftOut() throws {
    let page = try DoctorReport(record, showsPictures: false).html()
    #expect(!page.contains("<img ") && !page.contains("data:image") && page.contains("left out"))
    #expect(page.contains("the pictures of the files"))
  }

  @Test func itStandsAlone() throws {
    let page = try page(record)
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("default-src 'none'") && !page.contains("script-src"))
    #expect(page.contains("data:image/png;base64,\(FakeStudy.png.base64EncodedString())"))
    // What is no picture is named instead.
    #expect(page.components(separatedBy: "<img ").count - 1 == 2 && page.contains("no picture"))
  }

  @Test func whatFailedComesFirstAsLinks() throws {
    let page = try page(record)
    #expect(
      inOrder(
        page,
        [
          "1 check failed, 1 to look at", "1 failed, 1 to look at, 2 passed, 1 not run.",
          "<a href=\"#update-ratio\">Updates against weights</a>: updates are too small", "<a href=\"#mode-collapse\">",
          "<h2", "id=\"update-ratio\"", "id=\"mode-collapse\"", "How it was examined", "seed",
        ]))
    // Both ends of each link of the page are there, once.
    let links = page.matches(of: #/href="#([^"]*)"/#).map { String($0.1) }
    #expect(links.count == 5)
    for link in links { #expect(page.components(separatedBy: "id=\"\(link)\"").count == 2, "\(link)") }
  }

  @Test func stagesKeepTheirOrderAndHoldAllOfTheirChecks() throws {
    let page = try page(record)
    #expect(
      inOrder(
        page,
        [
          ">Skeleton</h2>", "id=\"network-input\"", "id=\"update-ratio\"", "id=\"capacity\"", "id=\"same-seed\"",
          ">GAN</h2>", "id=\"mode-collapse\"",
        ]))
    #expect(page.components(separatedBy: ">Skeleton</h2>").count == 2)
  }

  @Test func eachCheckSaysAllThatItKnows() throws {
    let page = try page(record)
    #expect(
      inOrder(
        page,
        [
          "finding error", "✗ failed", "Updates against weights <code>update-ratio</code>", "updates are too small",
          "median", "3.2e-7", "1e-5 to 1e-1", "largest", "not a number",
          "Next to try:</strong> Raise it: <code>--rate 1e-3</code>, and look",
          "Passes when: about 1e-3. Source: Karpathy.", "2.0 s",
        ]))
    #expect(page.contains("! look") && page.contains("✓ passed") && page.contains("0.1235") && page.contains("−1"))
    // A passed check has nothing to try.
    #expect(page.components(separatedBy: "Next to try").count - 1 == 2)
  }

  @Test func whatWasNotRunIsALineWithItsReason() throws {
    let page = try page(record)
    #expect(
      inOrder(page, ["<p class=\"notrun\" id=\"capacity\">", "not run", "More capacity", "the time is used up</p>"]))
    #expect(!page.contains("Passes when: falls"))
  }

  @Test func picturesHaveWordsForThoseWhoCannotSeeThem() throws {
    let page = try page(record)
    #expect(page.contains("alt=\"The last tensor: as the network sees it\""))
    #expect(page.components(separatedBy: "<img ").count == page.components(separatedBy: "alt=\"").count)
  }

  @Test func textIsEscaped() throws {
    let page = try page(record)
    #expect(page.contains("crack &amp; &lt;b&gt;") && !page.contains("<b>") && !page.contains("\" onerror="))
    #expect(page.contains("alt=\"&lt;script&gt;alert(1)&lt;/script&gt;&quot; onerror=&quot;x: &lt;script&gt;"))
  }

  @Test func codeIsMarkedAndEscaped() {
    func marked(_ text: String) -> String { ("\(code: text)" as HTML).source }
    #expect(marked("give `a <b>` and `c`") == "give <code>a &lt;b&gt;</code> and <code>c</code>")
    #expect(marked("one ` alone") == "one ` alone")
    #expect(marked("") == "" && marked("`all`") == "<code>all</code>")
  }

  @Test(arguments: [
    (0.0, "0"), (12, "12"), (-3, "−3"), (0.25, "0.25"), (-0.123456, "−0.1235"), (0.001, "0.001"), (3.24e-5, "3.2e-5"),
    (-3.24e-12, "−3.2e-12"), (123.456, "123.5"), (2.5e11, "2.5e11"), (.infinity, "not a number"),
  ])
  func numbersOfEverySizeCanBeRead(value: Double, text: String) {
    #expect(MeasureText.value(value) == text)
  }

  @Test func namesThatAreNoAnchorsAndNamesTwiceAreAllReached() {
    func check(_ name: String, _ stage: String) -> CheckResult {
      CheckResult(name: name, stage: stage, title: "", verdict: .pass, finding: "", rule: "", source: "")
    }
    let stages = DoctorStages([
      check("how", "a"), check("x y", "b"), check("x y", "a"), check("é\"", "a b"), check("", ""),
    ])
    #expect(stages.list.map(\.title) == ["A", "B", "A b", ""])
    #expect(stages.list.map(\.anchor) == ["stage-a", "stage-b", "stage-ab", "stage-"])
    #expect(stages.list.flatMap { $0.checks.map(\.anchor) } == ["how-2", "xy-2", "xy", "check", "check-2"])
  }

  @Test func theHeadlineSaysWhatItComesTo() {
    func headline(_ verdicts: CheckVerdict...) -> String {
      DoctorRecord(
        subject: .study, name: "s",
        checks: verdicts.map {
          CheckResult(name: "n", stage: "s", title: "t", verdict: $0, finding: "", rule: "", source: "")
        }, seconds: 0
      ).headline
    }
    #expect(headline(.fail, .fail, .pass) == "2 checks failed")
    #expect(headline(.fail, .warn) == "1 check failed, 1 to look at")
    #expect(headline(.warn, .warn, .pass) == "Nothing failed, 2 to look at")
    #expect(headline(.warn) == "Nothing failed, 1 to look at")
    #expect(headline(.pass, .notRun) == "All that was examined passed")
    #expect(headline(.notRun) == "Nothing was examined" && headline() == "Nothing was examined")
  }

  @Test(arguments: [(CheckVerdict.fail, "harms"), (.warn, "does-not-help"), (.pass, "helps"), (.notRun, "open")])
  func theVerdictHasItsColour(verdict: CheckVerdict, kind: String) throws {
    var record = record
    record.checks = [record.checks[0]]
    record.checks[0].verdict = verdict
    let page = try page(record)
    #expect(page.contains("<section class=\"verdict \(kind)\">"))
  }

  @Test func itIsWrittenWhole() throws {
    let folder = try TemporaryFolder()
    try DoctorReport(record).write(to: folder["page.html"])
    #expect(try String(contentsOf: folder["page.html"], encoding: .utf8).hasSuffix("</html>\n"))
    #expect(try folder.names() == ["page.html"])
  }
}
