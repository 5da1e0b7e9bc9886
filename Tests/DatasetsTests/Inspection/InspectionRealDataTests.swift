import Foundation
import Runs
import TestFolders
import Testing

@testable import Datasets

@Suite(.serialized)
struct InspectionRealDataTests {
  /// Imports the files that are meant, copied, for a whole set takes minutes in a debug build.
  private func inspect(
    _ name: String, _ importer: some Importer, where isMeant: (Int, String) -> Bool
  ) throws -> InspectionRecord {
    let temporary = try TemporaryFolder()
    let source = RealData.folder.appendingPathComponent(name)
    for (index, path) in try FolderListing(of: source).images.enumerated() where isMeant(index, path) {
      try temporary.write(try Data(contentsOf: source.appendingPathComponent(path)), "source/\(path)")
    }
    _ = try ImportRun(from: temporary["source"], to: temporary["set"]).run(importer)
    return DatasetInspector().inspect(try OpenedDataset(at: temporary["set"]))
  }

  /// Nine pictures of red iron twice, by the SHA-256 of their files; and 142 PNG files, all of another class.
  @Test(.enabled(if: RealData.has("x-sdd"), "needs X-SDD"))
  func hotRolledStrip() throws {
    let record = try inspect("x-sdd", FoldersImporter()) { index, path in
      path.hasPrefix("red iron") || path.hasSuffix(".png") || index % 10 == 0
    }
    #expect(record.finding("copies")?.cases.count == 9)
    #expect(record.finding("copies")?.cases.allSatisfy { $0.images.count == 2 } == true)
    #expect(record.finding("near-copies") == nil && record.finding("near-copies-in-two-groups") == nil)
    #expect(record.finding("shortcut-class-others")?.title.contains("stored as PNG alone") == true)
  }

  /// One picture stands in train and test.
  @Test(.enabled(if: RealData.has("horse2zebra-128"), "needs horse2zebra at 128 pixels"))
  func horsesAndZebras() throws {
    let record = try inspect("horse2zebra-128", ABImporter()) { index, path in
      index % 10 == 0 || path.contains("n02381460_1160") || path.contains("n02381460_3811")
    }
    #expect(
      record.finding("copies-across-splits")?.cases.map(\.images)
        == [["testA/n02381460_1160.jpg", "trainA/n02381460_3811.jpg"]])
    let probe = try #require(record.probes.first { $0.kind == "train-test" }?.area)
    #expect(probe.low < 0.5 && probe.high > 0.5)
  }

  /// Boxes that name another class than the file does: 4 of 554, counted from the XML files by a script of its own.
  @Test(.enabled(if: RealData.has("neu-det-240"), "needs NEU-DET"))
  func boxesOfAnotherClass() throws {
    let temporary = try TemporaryFolder()
    _ = try ImportRun(from: RealData.folder.appendingPathComponent("neu-det-240"), to: temporary["set"]).run(
      VOCImporter())
    let record = DatasetInspector().inspect(try OpenedDataset(at: temporary["set"]))
    let finding = try #require(record.finding("labels-other-than-names"))
    #expect(
      finding.cases.map(\.images) == [
        ["crazing_20.jpg"], ["scratches_32.jpg"], ["scratches_33.jpg"], ["scratches_7.jpg"],
      ]
    )
  }
}
