import Datasets
import Files
import Foundation
import Images
import Runs
import Synthesis
import TestFolders
import Testing
import Training

struct SynthesizerTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset
  private let run: URL

  /// A translator trained for two steps.
  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    dataset = try folder.dataset()
    run = folder.url.appendingPathComponent("run")
    try Self.train(dataset, in: run)
  }

  private static func train(_ dataset: Dataset, in run: URL) throws {
    let source = TrainingSource.dataset(path: dataset.folder.path, clean: "clean", defect: "bright")
    var configuration = CycleGANConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: 36, channels: 1), threads: 1)
    (configuration.filters, configuration.discriminatorFilters, configuration.blocks) = (4, 4, 1)
    configuration.length = .steps(2)
    let training = try CycleGANRun.start(configuration, in: run)
    #expect(try training.train())
  }

  @Test func everyImageCarriesItsOriginAndLabel() throws {
    let translator = try Translator(run: run)
    let made = try Synthesizer(translator, dataset: dataset, seed: 4)
      .synthesize(count: 7, to: folder.url.appendingPathComponent("made"), batchSize: 3)
    #expect(made.images.count == 7)
    let clean = dataset.images(inClass: "clean", split: .train)
    #expect(clean.count == 4)
    for image in made.images {
      #expect(made.className(of: image) == "bright")
      #expect((image.width, image.height) == (32, 32))
      #expect(image.split == .train)
      let origin = try #require(image.provenance.synthetic)
      #expect(origin.seed == 4)
      #expect(origin.step == 2)
      #expect(origin.model == (try ContentHash.sha256(contentsOf: run.appendingPathComponent("weights.safetensors"))))
      let source = try #require(clean.first { $0.fileName == origin.source })
      #expect(image.group == source.group)
    }
    // All four sources are used before any comes again, and no two images are alike.
    #expect(Set(made.images.prefix(4).map { $0.provenance.synthetic?.source }).count == 4)
    #expect(Set(made.images.map(\.provenance.sha256)).count == 7)
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    let translator = try Translator(run: run)
    func make(_ name: String, seed: UInt64) throws -> [String] {
      try Synthesizer(translator, dataset: dataset, seed: seed)
        .synthesize(count: 5, to: folder.url.appendingPathComponent(name)).images.map(\.provenance.sha256)
    }
    let first = try make("first", seed: 1)
    #expect(try make("second", seed: 1) == first)
    #expect(try make("third", seed: 2) != first)
  }

  /// A translator that saw images which are in another data set's test split must not make images for it.
  @Test func aTranslatorThatLeaksIsRefused() throws {
    let writer = try DatasetWriter(
      to: folder.url.appendingPathComponent("turned"), description: "the same images, split the other way round",
      cleanName: "clean", categories: ["bright"])
    for image in dataset.images {
      try writer.add(
        file: Data(contentsOf: dataset.url(of: image)), width: image.width, height: image.height, as: image.fileName,
        labels: image.isClean ? [] : [.init("bright")], split: image.split == .train ? .test : .train,
        provenance: Provenance(source: image.fileName, group: "other \(image.id)"))
    }
    let turned = try writer.finish()
    let translator = try Translator(run: run)
    let error = #expect(throws: InputError.self) { try Synthesizer(translator, dataset: turned, seed: 0) }
    #expect(error?.found.contains("test split") == true)
  }

  /// What a run saw that the data set does not know might be anything, a test image at another scale included.
  @Test func aTranslatorTrainedOnUnknownImagesIsRefused() throws {
    let other = try folder.dataset("other")
    let run = folder.url.appendingPathComponent("foreign")
    try Self.train(other, in: run)
    let translator = try Translator(run: run)
    // The groups have the same names in both sets, so give the check images of the training split's groups only.
    let error = #expect(throws: InputError.self) { try translator.trainingImages.checkNoLeak(into: dataset) }
    #expect(error?.found.contains("not in it") == true)
  }

  @Test func onlyTheTrainingSplitIsTrainedOn() throws {
    let images = try UnpairedImages(.dataset(path: dataset.folder.path, clean: "clean", defect: "bright"))
    let allowed = Set(dataset.images(split: .train).map { dataset.url(of: $0) })
    #expect(!images.clean.isEmpty && !images.defect.isEmpty)
    #expect(Set(Array(images.clean) + images.defect).isSubset(of: allowed))
    let record = try JSONFile.read(TrainingImages.self, from: run.appendingPathComponent(TrainingImages.fileName))
    #expect(record == images.record)
  }

  @Test func aSampleSheetShowsSixDifferentRows() throws {
    let sheet = try Image(contentsOf: run.appendingPathComponent("samples/step-00000002.png"))
    // 18 pixels of caption stand below each row; the rows are told apart by their contents.
    let rows = 6
    let height = sheet.height / rows
    let contents = (0..<rows).map { row in
      sheet.cropped(to: PixelBox(x: 0, y: row * height, width: sheet.width, height: height * 3 / 4)).bytes
    }
    #expect(Set(contents).count == rows)
  }

  @Test func aDataSetWithoutSplitsIsRefused() throws {
    let writer = try DatasetWriter(
      to: folder.url.appendingPathComponent("unsplit"), description: "", cleanName: "clean", categories: ["bright"])
    try writer.add(
      Image(width: 32, height: 32, filledWith: 7), as: "0.png", labels: [],
      provenance: Provenance(source: "", group: "g"))
    let unsplit = try writer.finish()
    let translator = try Translator(run: run)
    #expect(throws: InputError.self) { try Synthesizer(translator, dataset: unsplit, seed: 0) }
    #expect(throws: InputError.self) {
      try UnpairedImages(.dataset(path: unsplit.folder.path, clean: "clean", defect: "bright"))
    }
  }
}
