import Foundation
import Runs
import TestFolders
import Testing

@testable import Reports

struct InspectionReportTests {
  private static let jpeg = Data([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])

  private var record: InspectionRecord {
    let hostile = "<script>alert(1)</script>\" onerror=\"x.png"
    return InspectionRecord(
      name: "tiles & <b>", description: "Imported from \"tiles\"", images: 3, groups: 2, isSplit: true,
      findings: [
        .init(
          .error, "copies-across-splits", title: "1 picture stands on two sides", meaning: "A leak.",
          remedy: "Split again.",
          cases: [.init(["a.png", "b.png"], "train = test")]),
        .init(
          .note, "odd-formats", title: "An odd one", meaning: "Few.", remedy: "Look.",
          cases: (0..<300).map { .init(["many-\($0).png"]) }),
      ],
      outliers: [
        .init(
          image: hostile, className: "Hole", distance: 3,
          reasons: [.init(measure: "width", unit: "px", value: 900, median: 100, deviations: 20)])
      ],
      classes: [
        .init(
          name: "Free", images: 2, holding: 2, groups: 1, splits: ["train": 2], synthetic: 0, brightness: nil,
          contrast: nil, masks: 0, boxes: 0, wholes: 0, defects: 0, defectArea: nil, coverage: nil),
        .init(
          name: "Hole", images: 1, holding: 2, groups: 1, splits: ["test": 1], synthetic: 0, brightness: .init([0.25]),
          contrast: .init([0.1]), masks: 1, boxes: 0, wholes: 0, defects: 1, defectArea: .init([42]),
          coverage: .init([0.5])),
      ],
      samples: [.init(className: "Free", images: ["a.png"])],
      files: .init(
        formats: [.init("png", 3)], sizes: [.init("20 × 16", 3)], width: .init([20]), height: .init([16]),
        bits: [.init("8 bits", 3)], colours: [.init("grey", 3)], bytes: .init([1234])),
      distributions: [
        .init(
          title: "Brightness", explanation: "Mean.", unit: "of full scale", isLogarithmic: false, edges: [0, 0.5, 1],
          series: [.init(name: "Hole", counts: [1, 4], spread: .init([0.25]))])
      ],
      positions: [.init(className: "Hole", images: 1, columns: 2, rows: 2, shares: [0, 0, 0.5, 0])],
      overlaps: [.init(classes: ["Hole", "Rust"], images: 1, pixels: 9, imagesSharingPixels: 1)],
      probes: [
        .init(
          kind: "clean-defective", sides: ["clean", "defective"], images: [20, 30], groups: [10, 12],
          area: .init(value: 0.91, low: 0.8, high: 0.97),
          features: [
            .init(
              measure: "brightness", unit: "of full scale", isOfStorage: false,
              area: .init(value: 0.88, low: 0.7, high: 0.95), medians: [0.6, 0.4])
          ]),
        .init(kind: "train-test", sides: ["train", "test"], images: [2, 1], groups: [1, 1], notDone: "too few"),
      ],
      facts: [.init("seed of the probes", "0")])
  }

  private func page(_ record: InspectionRecord, pictures: [String: Data] = [:]) throws -> String {
    try InspectionReport(record: record, pictures: pictures).html()
  }

  @Test func itStandsAlone() throws {
    let page = try page(record, pictures: ["a.png": Self.jpeg, "b.png": Data("no picture".utf8)])
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("default-src 'none'") && !page.contains("script-src"))
    #expect(page.contains("prefers-color-scheme: dark") && page.contains("width=device-width"))
    #expect(page.contains("data:image/jpeg;base64,\(Self.jpeg.base64EncodedString())"))
    // The finding and the sample show a.png; what is no picture is named instead.
    #expect(page.components(separatedBy: "<img ").count - 1 == 2)
    #expect(page.components(separatedBy: "alt=\"").count - 1 == 2)
  }

  @Test func textFromDataIsEscaped() throws {
    let page = try page(record, pictures: [record.outliers[0].image: Self.jpeg])
    #expect(!page.contains("<script") && page.contains("alt=\"&lt;script&gt;alert(1)&lt;/script&gt;&quot; onerror="))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onerror=&quot;x.png"))
    #expect(page.contains("tiles &amp; &lt;b&gt;"))
  }

  @Test func strangeImagesComeFirstThenWhatIsSerious() throws {
    let page = try page(record)
    let places = [
      "1 error: mend before training", "The strangest images", "width 900 px (median 100 px)", "What to do:",
      "An odd one",
    ]
    .map { page.range(of: $0)?.lowerBound }
    #expect(!places.contains(nil))
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
  }

  @Test func figuresHaveUnitsAndWords() throws {
    let page = try page(record)
    #expect(page.contains("Where Hole lies in 1 images; most often lower left"))
    #expect(page.contains("aria-label=\"Brightness of Hole: from 0.25 to 0.25, median 0.25\""))
    #expect(page.contains("0.80 to 0.97") && page.contains("not done: too few"))
    #expect(page.contains("20 × 16 (3)") && page.contains("1.2 kB"))
  }

  @Test func longListsAreCut() throws {
    let page = try page(record)
    #expect(page.contains("<summary>296 more</summary>") && page.contains("and 96 more, in the JSON"))
    #expect(page.contains("many-203.png") && !page.contains("many-204.png"))
  }

  @Test func nothingFoundIsSaid() throws {
    var record = record
    record.findings = []
    record.outliers = []
    record.positions = []
    record.probes = []
    let page = try page(record)
    #expect(page.contains("Nothing serious was found") && page.contains("No image stands apart"))
  }

  @Test func itIsWrittenWhole() throws {
    let folder = try TemporaryFolder()
    try InspectionReport(record: record, pictures: [:]).write(to: folder["page.html"])
    #expect(try String(contentsOf: folder["page.html"], encoding: .utf8).hasSuffix("</html>\n"))
    #expect(try folder.names() == ["page.html"])
  }

  @Test func theRecordIsReadAsItWasWritten() throws {
    let data = try JSONEncoder().encode(record)
    #expect(try JSONDecoder().decode(InspectionRecord.self, from: data) == record)
    #expect(record.imagesShown.count == 1 + 2 + 4 + 1)
  }
}
