import Foundation
import Runs
import TestFolders
import Testing

@testable import Reports

struct EvaluationReportTests {
  private static let hostile = "<script>alert(1)</script>\" onerror=\"x.png"

  /// 30 synthetic images; the mean distance puts them into another order than the distance.
  private var record: EvaluationRecord {
    let names = (0..<30).map { "made-\($0).png" }
    var pairs: [EvaluationRecord.Pair] = []
    for index in 0..<30 {
      let mean = Double((index * 7) % 30) + 10
      pairs.append(
        .init(
          synthetic: names[index], real: "real-\(index % 4).png", distance: Double(index) + 0.5, meanDistance: mean,
          source: index < 2 ? "clean & \(index).png" : nil))
    }
    pairs[3].synthetic = Self.hostile
    let real = EvaluationRecord.Side(
      path: "tiles & <b>", className: "Crack", split: "train", names: (0..<50).map { "real-\($0).png" })
    let synthetic = EvaluationRecord.Side(path: "made/\(Self.hostile)", className: nil, split: nil, names: names)
    let kid = EvaluationRecord.Kernel(value: 0.0123, low: 0.0101, high: 0.0145, method: "subsets of 10")
    let manifold = EvaluationRecord.Manifold(
      precision: 0.611, recall: 0.422, density: 0.733, coverage: 0.544, neighbour: 5)
    return EvaluationRecord(
      real: real, synthetic: synthetic, features: "Inception <2015>", featuresHash: "f00d", size: 64, fid: 123.456,
      kid: kid, manifold: manifold, copies: 0.0667, medianDistanceToReal: 8.25, medianDistanceWithinReal: 7.75,
      nearest: pairs, facts: [Fact("seed of KID's interval", "<7>")])
  }

  private static func jpeg(_ number: UInt8) -> Data { Data([0xff, 0xd8, 0xff, 0xe0, number]) }

  private func page(_ pictures: [EvaluationRecord.Picture: Data] = [:]) throws -> String {
    try EvaluationReport(record: record, pictures: pictures).html()
  }

  @Test func itHoldsTheFigures() throws {
    let page = try page()
    let figures = [
      "FID 123.46", "12.300", "10.100 to 14.500", "subsets of 10", "0.611", "0.422", "0.733", "0.544", "0.067", "6.7 %",
      "8.250", "7.750", "30 synthetic images against 50 real ones", "f00d", "Inception &lt;2015&gt;", "64 × 64 pixels",
      "299 × 299", "&lt;7&gt;", "(class Crack, split train)",
    ]
    for figure in figures { #expect(page.contains(figure), "\(figure)") }
    // The figures stand before any picture.
    let figure = try #require(page.range(of: "8.250")), picture = try #require(page.range(of: "<figure>"))
    #expect(figure.lowerBound < picture.lowerBound)
  }

  @Test func withoutASizeImagesGoInWhole() throws {
    var record = record
    record.size = nil
    let page = try EvaluationReport(record: record, pictures: [:]).html()
    #expect(page.contains("every image resized to the network") && !page.contains("64 × 64"))
  }

  @Test func itHoldsThePicturesAndNothingElse() throws {
    let page = try page([
      .real("real-0.png"): Self.jpeg(1), .synthetic("made-0.png"): Self.jpeg(2),
      .difference("made-0.png"): Self.jpeg(3),
      .source("made-0.png"): Self.jpeg(4), .sourceDifference("made-0.png"): Self.jpeg(5),
      .synthetic("made-1.png"): Data("no picture".utf8),
    ])
    func count(_ number: UInt8) -> Int {
      page.components(separatedBy: "data:image/jpeg;base64,\(Self.jpeg(number).base64EncodedString())").count - 1
    }
    // made-0.png is a sample, the nearest and the best; real-0.png is the nearest of many.
    #expect(count(2) == 3 && count(3) == 2 && count(4) == 2 && count(5) == 2 && count(1) > 3)
    #expect(page.contains("clean source</b><br>clean &amp; 0.png") && !page.contains("clean &amp; 1.png"))
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    #expect(page.contains("default-src 'none'") && !page.contains("script-src"))
  }

  @Test func namesAreEscaped() throws {
    let page = try page([.synthetic(Self.hostile): Self.jpeg(1)])
    #expect(!page.contains("<script") && !page.contains("tiles & <b>") && page.contains("tiles &amp; &lt;b&gt;"))
    #expect(page.contains("alt=\"synthetic &lt;script&gt;alert(1)&lt;/script&gt;&quot; onerror=&quot;x.png\""))
  }

  @Test func samplesLieEvenlyOverTheList() {
    #expect(record.real.samples.count == 12 && record.real.samples.first == "real-0.png")
    #expect(record.real.samples[6] == "real-25.png" && record.real.samples.last == "real-45.png")
    let few = EvaluationRecord.Side(path: "", className: nil, split: nil, names: ["a", "b"])
    #expect(few.samples == ["a", "b"] && few.images == 2)
  }

  @Test func pairsAreBoundedAndInOrder() throws {
    #expect(record.nearestPairs.map(\.distance) == (0..<12).map { Double($0) + 0.5 })
    #expect(record.best.map(\.meanDistance) == [10, 11, 12, 13, 14, 15])
    #expect(record.worst.map(\.meanDistance) == [39, 38, 37, 36, 35, 34])
    #expect(Set(record.pairsShown.map(\.synthetic)).count == record.pairsShown.count && record.pairsShown.count <= 24)
    let page = try page()
    #expect(page.contains("The 12 of 30 synthetic images") && page.contains("at most 12 of each"))
    #expect(page.components(separatedBy: "class=\"case\"").count - 1 == 24)
    // Of few images none is among the best and the worst at once.
    var few = record
    few.nearest = Array(record.nearest.prefix(8))
    #expect(few.best.count == 6 && few.worst.count == 2)
    #expect(Set(few.best.map(\.synthetic)).isDisjoint(with: few.worst.map(\.synthetic)))
  }

  @Test func theRecordIsReadAsItWasWritten() throws {
    #expect(try JSONDecoder().decode(EvaluationRecord.self, from: JSONEncoder().encode(record)) == record)
  }

  @Test func itIsWrittenWhole() throws {
    let folder = try TemporaryFolder()
    try EvaluationReport(record: record, pictures: [:]).write(to: folder["page.html"])
    #expect(try String(contentsOf: folder["page.html"], encoding: .utf8).hasSuffix("</html>\n"))
    #expect(try folder.names() == ["page.html"])
  }
}
