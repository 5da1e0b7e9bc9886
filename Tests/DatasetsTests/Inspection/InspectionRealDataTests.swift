import Foundation
import Runs
import TestFolders
import Testing

@testable import Datasets

@Suite(.serialized)
struct InspectionRealDataTests {
  private func inspect(_ name: String, _ importer: some Importer) throws -> InspectionRecord {
    let temporary = try TemporaryFolder()
    let source = RealData.folder.appendingPathComponent(name)
    _ = try ImportRun(from: source, to: temporary["set"]).run(importer)
    return DatasetInspector().inspect(try OpenedDataset(at: temporary["set"]))
  }

  /// Nine pictures twice, by the SHA-256 of their files; and 142 PNG files, all of one class.
  @Test(.enabled(if: RealData.has("x-sdd"), "needs X-SDD"))
  func hotRolledStrip() throws {
    let record = try inspect("x-sdd", FoldersImporter())
    #expect(record.finding("copies")?.cases.count == 9)
    #expect(record.finding("copies")?.cases.allSatisfy { $0.images.count == 2 } == true)
    #expect(record.finding("odd-sizes")?.cases.count == 2)
    #expect(record.finding("shortcut-class-others")?.title.contains("stored as PNG alone") == true)
  }

  /// One picture in train and test, 24 others twice within a side.
  @Test(.enabled(if: RealData.has("horse2zebra-128"), "needs horse2zebra at 128 pixels"))
  func horsesAndZebras() throws {
    let record = try inspect("horse2zebra-128", ABImporter())
    #expect(
      record.finding("copies-across-splits")?.cases.map(\.images)
        == [["testA/n02381460_1160.jpg", "trainA/n02381460_3811.jpg"]])
    #expect(record.finding("copies")?.cases.count == 24)
    let probe = try #require(record.probes.first { $0.kind == "train-test" }?.area)
    #expect(probe.low < 0.5 && probe.high > 0.5)
  }
}
