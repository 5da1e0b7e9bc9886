import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// Where public data sets lie; tests on them are skipped where they do not.
enum RealData {
  static let folder = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["PATINA_DATA"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared/data").path
  )

  static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }
}

@Suite(.serialized)
struct RealDataTests {
  @Test(.enabled(if: RealData.has("mtd"), "needs the magnetic tiles"))
  func magneticTiles() throws {
    let temporary = try TemporaryFolder()
    let run = ImportRun(from: RealData.folder.appendingPathComponent("mtd"), to: temporary["mtd"], isStrict: true)
    let summary = try run.run(MTDImporter())
    #expect(
      summary.classes == ["Free": 952, "Blowhole": 115, "Uneven": 103, "Break": 85, "Crack": 57, "Fray": 32])
    #expect(summary.groups == 259)
    #expect(summary.notes.count == 1 && summary.notes[0].hasPrefix("4 images of a defect have an empty mask"))
    let imported = try Dataset(at: temporary["mtd"])
    let (set, report) = try SplitRun(Splitter(seed: 1), groups: SplitGroups(of: imported)).run(imported)
    #expect(report.rare.isEmpty && report.groups == 259)
    for name in set.classNames {
      let total = Double(set.images(inClass: name).count)
      for (split, share) in [(Split.train, 0.6), (.validation, 0.2), (.test, 0.2)] {
        let found = Double(set.images(inClass: name, split: split).count) / total
        #expect(abs(found - share) < 0.1, "\(name) \(split): \(found)")
      }
    }
    let sides = Dictionary(grouping: set.images, by: \.group).values.map { Set($0.map(\.split)).count }
    #expect(sides.allSatisfy { $0 == 1 })
  }

  @Test(.enabled(if: RealData.has("sd-saliency-900"), "needs SD-saliency-900"))
  func steelWithMasks() throws {
    let temporary = try TemporaryFolder()
    let source = RealData.folder.appendingPathComponent("sd-saliency-900")
    let summary = try ImportRun(from: source, to: temporary["sd"], isStrict: true).run(
      MasksImporter(classSource: .prefix))
    #expect(summary.classes == ["In": 300, "Pa": 300, "Sc": 300, "Clean": 0])
  }
}
