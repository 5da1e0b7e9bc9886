import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

struct ExportTests {
  let scene: ExportScene

  init() throws { scene = try ExportScene() }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: scene.temporary["out/" + name], encoding: .utf8)
  }

  private func export(_ format: HeldFormat) throws -> ExportSummary {
    try ExportRun(to: scene.temporary["out"], isReplacing: true).run(format.exporter, of: scene.original)
  }

  @Test func theLayoutIsThatOfTheFormat() throws {
    let severstal = try export(.severstal)
    #expect(try text("train.csv").hasPrefix("ImageId,ClassId,EncodedPixels\na/same.bmp,1,164 5 "))
    #expect(severstal.leftOut == ["with a label but no mask": ["b/whole, of it.png", "box.png"]])
    _ = try export(.yolo)
    #expect(try text("labels/test/box.txt") == "0 0.2125 0.109375 0.375 0.1875\n")
    #expect(try text("labels/train/clean 1.txt").isEmpty)
    #expect(try text("data.yaml").contains("val: images/val\n") && text("data.yaml").contains("  1: \"defect_3\"\n"))
    _ = try export(.voc)
    #expect(try text("Annotations/box.xml").contains("<xmin>1.5</xmin>\n      <ymin>1.25</ymin>\n      <xmax>8</xmax>"))
    #expect(try text("ImageSets/Main/val.txt") == "a/same_2\nclean/3\n")
    _ = try export(.masks)
    #expect(try text("classes.txt") == "defect_1\ndefect_3\n")
    let mask = try Image(contentsOf: scene.temporary["out/masks/both.png"])
    #expect(Set(mask.bytes) == [0, 1, 2])
    _ = try export(.folders)
    #expect(try scene.temporary.names(in: "out") == ["test", "train", "val"])
    #expect(try scene.temporary.names(in: "out/train/defect_1") == ["a", "ring.png"])
  }

  @Test func oneWarningNamesWhatIsLost() throws {
    let renamed = "1 file names, changed because they would have met another's"
    #expect(try export(.voc).lost == [renamed, "6 masks, of which the boxes remain", "groups and provenance"])
    let folders = try export(.folders)
    #expect(folders.lost.contains("6 masks") && folders.lost.contains("1 boxes") && folders.lost.contains("1 images' further classes"))
    #expect(try #require(folders.warning).hasPrefix("folders cannot hold, and so the export lacks: "))
  }

  @Test func namesOfClassesMayBeAnything() throws {
    let temporary = try TemporaryFolder()
    let names = ["a/b", "..", "\"q\": #1, 'x'", "缺陷 \\ <&>"]
    let writer = try DatasetWriter(to: temporary["set"], description: "x", cleanName: "ok, \"clean\"", categories: names)
    for (key, name) in names.enumerated() {
      try writer.add(picture(key), as: "\(key).png", labels: [.init(name)], provenance: .init(source: "", group: "\(key)"))
    }
    let set = try writer.finish()
    for format in [HeldFormat.coco, .yolo, .voc, .folders] {
      _ = try ExportRun(to: temporary["out"], isReplacing: true).run(format.exporter, of: set)
      let importer: any Importer = format == .folders ? FoldersImporter() : format.importer(clean: "x")
      _ = try ImportRun(from: temporary["out"], to: temporary["back"], isStrict: true, isReplacing: true).run(importer)
      let back = try Dataset(at: temporary["back"])
      let found = Set(back.images.map { back.className(of: $0) })
      #expect(found == (format == .folders ? ["a-b", "_.", "\"q\": #1, 'x'", "缺陷 - <&>"] : Set(names)), "\(format)")
    }
  }

  @Test func whatIsNoLongerTheImportedFileIsRefused() throws {
    try picture(99).encoded(as: .png).write(to: scene.original.url(of: scene.original.images[0]))
    #expect { try export(.coco) } throws: { "\($0)".contains("the file that was imported") }
    #expect(try scene.temporary.names() == ["set"])
  }

  @Test func formatsThatCanHoldNothingSaySo() throws {
    let temporary = try TemporaryFolder()
    let writer = try DatasetWriter(to: temporary["set"], description: "x", cleanName: "ok", categories: ["bad"])
    try writer.add(picture(1), as: "1.png", labels: [.init("bad")], provenance: .init(source: "", group: "1"))
    let set = try writer.finish()
    #expect { try ExportRun(to: temporary["out"]).run(SeverstalExporter(), of: set) } throws: {
      "\($0)".contains("with a label but no mask")
    }
    #expect { try ExportRun(to: temporary["out"]).run(ABExporter(), of: set) } throws: { "\($0)".contains("patina split") }
    #expect { try ExportRun(to: temporary["set"]).run(COCOExporter(), of: set) } throws: { "\($0)".contains("does not exist yet") }
    #expect(try temporary.names() == ["set"])
  }

  @Test func oneClassOfDefectsMayBePicked() throws {
    let summary = try ExportRun(to: scene.temporary["out"]).run(ABExporter(defect: "defect_1"), of: scene.original)
    #expect(summary.images == 7)
    #expect(throws: InputError.self) { try ABExporter(defect: "none").plan(for: scene.original) }
  }
}
