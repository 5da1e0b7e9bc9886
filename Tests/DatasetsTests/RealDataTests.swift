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
    let set = try Splitter(seed: 1).split(try Dataset(at: temporary["mtd"]))
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

  /// Imports by recognition, everything good or nothing.
  private func imported(_ name: String, problems: Int = 0) throws -> (summary: ImportSummary, format: String) {
    let temporary = try TemporaryFolder()
    let source = RealData.folder.appendingPathComponent(name)
    let found = try FormatRecognition(of: source).only()
    let summary = try ImportRun(from: source, to: temporary["set"]).run(found.importer)
    #expect(summary.problems.count == problems, "\(summary.problems)")
    return (summary, found.format)
  }

  @Test(.enabled(if: RealData.has("mtd"), "needs the magnetic tiles"))
  func magneticTilesAreRecognised() throws {
    let (summary, format) = try imported("mtd")
    #expect(format == "mtd" && summary.images == 1344 && summary.groups == 259 && summary.clean == 952)
    #expect(summary.masks == 388 && summary.wholeLabels == 4)
  }

  @Test(.enabled(if: RealData.has("sd-saliency-900"), "needs SD-saliency-900"))
  func steelWithMasksIsRecognised() throws {
    let (summary, format) = try imported("sd-saliency-900")
    #expect(format == "masks" && summary.images == 900 && summary.masks == 900)
    #expect(summary.classes == ["In": 300, "Pa": 300, "Sc": 300, "Clean": 0])
  }

  @Test(.enabled(if: RealData.has("neu-det-240"), "needs NEU-DET"))
  func steelWithBoxesIsRecognised() throws {
    let (summary, format) = try imported("neu-det-240")
    #expect(format == "voc" && summary.images == 240 && summary.classes.count == 7)
    // One box covers its whole image, which is how a label without a place looks.
    #expect(summary.boxes + summary.wholeLabels == 554 && summary.wholeLabels == 1)
  }

  @Test(.enabled(if: RealData.has("x-sdd"), "needs X-SDD"))
  func stripIsRecognised() throws {
    let (summary, format) = try imported("x-sdd")
    #expect(format == "folders" && summary.images == 1360 && summary.wholeLabels == 1360)
    #expect(summary.classes.values.filter { $0 > 0 }.sorted() == [63, 122, 134, 203, 203, 238, 397])
    #expect(summary.duplicates.count == 9)
  }

  @Test(.enabled(if: RealData.has("horse2zebra-128"), "needs horse2zebra"))
  func horsesAndZebrasAreRecognised() throws {
    let (summary, format) = try imported("horse2zebra-128")
    #expect(format == "ab" && summary.classes == ["A": 1067 + 120, "B": 1334 + 140])
    #expect(summary.splits == ["train": 2401, "test": 260] && summary.duplicates.count == 25)
  }

  @Test(.enabled(if: RealData.has("severstal-30"), "needs Severstal"))
  func severstalIsTwoFormats() throws {
    #expect { try imported("severstal-30") } throws: {
      "\($0)".contains("severstal (run lengths in train.csv), coco (instances_coco.json)")
    }
    let (table, _) = try imported("severstal-30/train.csv")
    #expect(table.images == 30 && table.masks == 40 && table.clean == 0)
    // The JSON names two images that are not among the thirty.
    let (json, _) = try imported("severstal-30/instances_coco.json", problems: 2)
    #expect(json.images == 30 && json.boxes + json.wholeLabels == 40)
    #expect(json.notes.contains { $0.hasPrefix("10 entries of images named before") })
  }

  @Test(.enabled(if: RealData.has("weights"), "needs the folder of weights"))
  func weightsAreNoDataSet() {
    #expect { try imported("weights") } throws: { "\($0)".contains("found no image (1 .safetensors)") }
  }
}
