import Datasets
import Files
import Foundation
import Images
import Synthesis
import TestFolders
import Testing

struct DefectPasterTests {
  private let temporary: TemporaryFolder
  private let set: Dataset

  init() throws {
    temporary = try TemporaryFolder()
    set = try temporary.steel()
  }

  private func paster(
    _ set: Dataset, category: String? = nil, blend: CopyPaste.Blend = .poisson, seed: UInt64 = 0, threads: Int = 2
  ) throws -> PlacedSynthesis<DefectPaster> {
    try PlacedSynthesis(
      DefectPaster(set, blend: blend, threads: threads), on: set,
      shapes: DefectLibrary(of: set, classes: category.map { [$0] } ?? []), placer: DefectPlacer(), seed: seed,
      threads: threads)
  }

  @Test(arguments: CopyPaste.Blend.allCases)
  func everyImageCarriesItsLabelAndOrigin(blend: CopyPaste.Blend) throws {
    let paster = try self.paster(set, blend: blend, seed: 8)
    var told: [Int] = []
    let made = try paster.synthesize(count: 30, to: temporary["made"]) { told.append($0) }
    #expect(made.images.count == 30 && told.last == 30)
    #expect(made.classNames == ["clean", "scratch", "pit", "inclusion"])
    let clean = set.images(inClass: "clean", split: .train)
    let defective = set.images(split: .train).filter { !$0.isClean }
    #expect(clean.count == 12 && defective.count == 12)
    for image in made.images {
      #expect(image.split == .train && image.annotations.count == 1)
      let origin = try #require(image.provenance.synthetic)
      let taken = try #require(origin.defectSource)
      #expect(origin.model == "copy-paste 1 (\(blend.rawValue))" && origin.seed == 8 && origin.step == 0)
      #expect(origin.sourceSplit == "train")
      let source = try #require(clean.first { $0.fileName == origin.source })
      #expect(image.group == source.group)
      let shown = try #require(defective.first { $0.fileName == taken.source })
      #expect(set.className(of: shown) == made.className(of: image))
      // The label: the mask, and what changed is on it or near it.
      let mask = try #require(image.annotations[0].segmentation?.mask)
      #expect(image.annotations[0].box == mask.boundingBox.map(Annotation.Box.init))
      let (before, after) = (try set.pixels(of: source), try made.pixels(of: image))
      let near = try mask.dilated(by: Double(CopyPaste(blend).margin))
      #expect(zip(before.bytes, after.bytes).enumerated().allSatisfy { near.bits[$0] != 0 || $1.0 == $1.1 })
      let instance = try #require(
        try DefectLibrary(of: set).shapes.first {
          $0.origin?.fileName == taken.source && $0.origin?.instance == taken.instance
        })
      let area = Double(instance.mask.area) * taken.scale * taken.scale
      #expect(abs(Double(mask.area) - area) <= max(6, 0.25 * area))
    }
    // All sources are used before any comes again; classes take turns and meet other sources.
    #expect(Set(made.images.prefix(12).map { $0.provenance.synthetic?.source }).count == 12)
    #expect(["scratch", "pit", "inclusion"].map { made.images(inClass: $0).count } == [10, 10, 10])
    #expect(
      made.images[0].provenance.synthetic?.source == made.images[12].provenance.synthetic?.source
        && made.className(of: made.images[0]) != made.className(of: made.images[12]))
    #expect(Set(made.images.map(\.provenance.sha256)).count == 30)
  }

  @Test func theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() throws {
    func make(_ name: String, seed: UInt64, threads: Int) throws -> [String] {
      try paster(set, seed: seed, threads: threads).synthesize(count: 17, to: temporary[name]).images.map {
        "\($0.fileName) \($0.provenance.sha256) \($0.annotations[0].segmentation?.compressed ?? "")"
      }
    }
    let first = try make("first", seed: 1, threads: 1)
    #expect(try make("second", seed: 1, threads: 3) == first)
    let other = try make("third", seed: 2, threads: 2)
    #expect(Set(other.map { $0.split(separator: " ")[1] }).isDisjoint(with: first.map { $0.split(separator: " ")[1] }))
  }

  @Test func oneClassCanBeAskedFor() throws {
    let made = try paster(set, category: "pit").synthesize(count: 5, to: temporary["pits"])
    #expect(made.classNames == ["clean", "pit"] && made.images(inClass: "pit").count == 5)
    #expect { try paster(set, category: "dent") } throws: { "\($0)".contains("scratch, pit, inclusion") }
  }

  @Test func whatCannotBePastedIsRefused() throws {
    let raw = try Dataset(at: temporary["steel raw"])
    #expect { try paster(raw) } throws: { "\($0)".contains("patina split") }
    #expect(throws: InputError.self) { try paster(set).synthesize(count: 0, to: temporary["none"]) }
    // Clean images that are dark all over have no surface.
    let writer = try DatasetWriter(to: temporary["dark"], description: "", cleanName: "clean", categories: ["pit"])
    for index in 0..<2 {
      try writer.add(
        Image(width: 20, height: 20, filledWith: index == 0 ? 5 : 90), as: "\(index).png",
        labels: index == 0
          ? [] : [.init("pit", mask: Mask(width: 20, height: 20, box: PixelBox(x: 3, y: 3, width: 4, height: 4)))],
        split: .train, provenance: Provenance(source: "", group: "\(index)"))
    }
    let dark = try paster(writer.finish())
    #expect { try dark.synthesize(count: 1, to: temporary["none"]) } throws: {
      "\($0)".contains("images/0.png") && "\($0)".contains("no surface at all")
    }
    #expect(!FileManager.default.fileExists(atPath: temporary["none"].path))
  }

  /// Files from before defects had sources are read, and written again byte for byte.
  @Test func provenanceWithoutADefectSourceIsAsItWas() throws {
    let old = """
      {
        "group" : "g",
        "sha256" : "",
        "source" : "a.png",
        "synthetic" : {
          "model" : "m",
          "seed" : 4,
          "source" : "a.png",
          "source_split" : "train",
          "step" : 2
        }
      }

      """
    let provenance = try JSONFile.decode(Provenance.self, from: Data(old.utf8), at: "provenance.json")
    #expect(provenance.synthetic?.defectSource == nil)
    #expect(String(decoding: try JSONFile.encode(provenance), as: UTF8.self) == old)
    let source = Provenance.DefectSource(source: "b.png", instance: 3, angle: 12.5, scale: 0.75, mirrored: true)
    let new = Provenance.Synthetic(
      model: "m", seed: 4, step: 0, source: "a.png", sourceSplit: "train", defectSource: source)
    let text = String(decoding: try JSONFile.encode(new), as: UTF8.self)
    #expect(text.contains(#""defect_source" : {"#) && text.contains(#""mirrored" : true"#))
    #expect(try JSONFile.decode(Provenance.Synthetic.self, from: Data(text.utf8), at: "") == new)
    #expect(!text.contains("figures") && !text.contains("refused"))
    let judged = Provenance.Synthetic(
      model: "m", seed: 4, step: 0, source: "a.png", sourceSplit: "train", figures: ["rim": 1.5], refused: "seam: x")
    let judgedText = String(decoding: try JSONFile.encode(judged), as: UTF8.self)
    #expect(judgedText.contains(#""refused" : "seam: x""#) && judgedText.contains(#""rim" : 1.5"#))
    #expect(try JSONFile.decode(Provenance.Synthetic.self, from: Data(judgedText.utf8), at: "") == judged)
  }
}
