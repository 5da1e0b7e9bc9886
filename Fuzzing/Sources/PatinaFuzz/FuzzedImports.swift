import Datasets
import Foundation
import Images

extension FuzzedReader {
  /// Importers with the input as their file of labels beside one image of 24 × 20 pixels: whatever an import writes must be
  /// a data set that reads back.
  static let imports: [FuzzedReader] = [
    importing("severstal", "train.csv", image: "train_images/a.png", with: SeverstalImporter()),
    importing("coco", "instances.json", image: "a.png", with: COCOImporter()),
    importing("voc", "a.xml", image: "a.png", with: VOCImporter()),
    importing(
      "yolo", "labels/a.txt", image: "images/a.png", with: YOLOImporter(),
      beside: ["data.yaml": "names: [dent, scratch]\n"]),
    importing(
      "yolo-description", "data.yaml", image: "images/a.png", with: YOLOImporter(),
      beside: ["labels/a.txt": "0 0.5 0.5 0.2 0.2\n"]),
    importing("labelme", "a.json", image: "a.png", with: LabelMeImporter()),
    importing(
      "masks", "masks/a.png", image: "images/a.png",
      with: MasksImporter(classSource: .name("dent"), folders: ("images", "masks"))),
    importing(
      "index-masks", "masks/a.png", image: "images/a.png",
      with: MasksImporter(
        classSource: .name("dent"), folders: ("images", "masks"), values: .index(names: ["dent", "scratch"]))),
    importing("elpv", "labels.csv", image: "images/a.png", with: ELPVImporter()),
  ]

  private static func importing(
    _ name: String, _ file: String, image: String, with importer: some Importer, beside: [String: String] = [:]
  ) -> FuzzedReader {
    let folder = Scratch.folder.appendingPathComponent(name)
    let source = folder.appendingPathComponent("source"), made = folder.appendingPathComponent("made")
    let prepared = Scratch.Once {
      try Scratch.write(Scratch.picture(), to: source.appendingPathComponent(image))
      for (path, text) in beside { try Scratch.write(Data(text.utf8), to: source.appendingPathComponent(path)) }
    }
    return FuzzedReader(name) { input in
      try prepared.run()
      try Scratch.write(input, to: source.appendingPathComponent(file))
      try? FileManager.default.removeItem(at: made)
      _ = try ImportRun(from: source, to: made, isReplacing: true, pixelLimit: 1 << 20, threads: 1).run(importer)
      do {
        _ = try Dataset(at: made)
      } catch {
        fatalError("\(name): wrote what it cannot read: \(error)")
      }
    }
  }
}
