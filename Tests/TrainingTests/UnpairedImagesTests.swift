import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Training

struct UnpairedImagesTests {
  private let folder: TemporaryFolder
  private var source: TrainingSource { .folders(a: folder["a"].path, b: folder["b"].path) }

  init() throws {
    folder = try TemporaryFolder()
    for domain in ["a", "b"] {
      for index in 0..<9 { try add("\(domain)/\(index).jpg", grey: true, .jpeg) }
    }
  }

  private func add(_ name: String, grey: Bool, _ format: ImageFormat) throws {
    let channels = grey ? 1 : 3
    let bytes = (0..<40 * 36 * channels).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ name.count) }
    try folder.write(Image(width: 40, height: 36, channels: channels, bytes: bytes).encoded(as: format), name)
  }

  private func configuration(_ images: UnpairedImages) -> CycleGANConfiguration {
    var configuration = CycleGANConfiguration(
      source: source, imagesHash: images.hash, transform: ImageTransform(size: 32, loadSize: 36, channels: 1),
      threads: 1)
    (configuration.filters, configuration.discriminatorFilters, configuration.blocks) = (4, 4, 1)
    configuration.length = .steps(2)
    return configuration
  }

  @Test func imagesOfFoldersInTheOrderOfTheirNames() throws {
    try folder.write("no image", "a/notes.txt")
    try folder.write("", "a/empty.jpg")
    try folder.write("no image", "a/.hidden.jpg")
    try add("a/.hidden too.jpg", grey: true, .jpeg)
    try add("a/10 without an extension", grey: true, .png)
    let images = try UnpairedImages(source)
    let names = ["0.jpg", "1.jpg", "10 without an extension"] + (2..<9).map { "\($0).jpg" }
    #expect(images.clean.map(\.lastPathComponent) == names)
    #expect(images.record.clean.map(\.file) == images.clean.map(\.lastPathComponent))
    for (entry, url) in zip(images.record.defect, images.defect) {
      #expect(try entry.sha256.description == ContentHash.sha256(contentsOf: url))
      #expect(entry.group == nil)
    }
    #expect(images.channels == 1)
  }

  @Test(arguments: [ImageFormat.jpeg, .png, .bmp], ["a/3", "a/99", "b/0", "b/99"])
  func oneColouredImageMakesThemColoured(format: ImageFormat, name: String) throws {
    #expect(try UnpairedImages(source).channels == 1)
    try add(name, grey: true, format)
    #expect(try UnpairedImages(source).channels == 1)
    try add(name, grey: false, format)
    #expect(try UnpairedImages(source).channels == 3)
  }

  @Test func filesCutOffAreNamed() throws {
    let whole = try Data(contentsOf: folder["b/5.jpg"])
    try folder.write(whole.prefix(whole.count / 2), "b/5.jpg")
    let error = #expect(throws: InputError.self) { try UnpairedImages(source) }
    #expect(error?.place == folder["b/5.jpg"].path)
  }

  /// The bytes by which runs know their images, however many there are.
  @Test(arguments: [1, 255, 256, 257, 600])
  func theRecordsBytesAreThoseOfItsEncoding(count: Int) throws {
    let entries = (0..<count).map {
      TrainingImages.Entry(
        file: "\($0)\n \"ü\"/.jpg", sha256: ContentHash.digest(Data("\($0)".utf8)),
        group: $0 % 3 == 0 ? nil : "group \($0)")
    }
    for record in [
      TrainingImages(clean: entries, defect: Array(entries.prefix(3))), TrainingImages(clean: entries, defect: []),
    ] {
      #expect(try record.json() == JSONFile.encode(record))
    }
    #expect(try UnpairedImages(source).hash == ContentHash.sha256(JSONFile.encode(UnpairedImages(source).record)))
  }

  /// Images that were read for the configuration are not read again to check them.
  @Test func aRunStartsWithImagesThatWereReadBefore() throws {
    let images = try UnpairedImages(source)
    let configuration = configuration(images)
    // Of 9 images the samples take the first, third, fifth and seventh.
    try add("a/8.jpg", grey: false, .jpeg)
    let run = try CycleGANRun.start(configuration, images: images, in: folder["given"])
    let file = run.folder.url.appendingPathComponent(TrainingImages.fileName)
    #expect(try JSONFile.read(TrainingImages.self, from: file) == images.record)
    #expect(throws: InputError.self) { try CycleGANRun.start(configuration, in: folder["read"]) }
    #expect(throws: InputError.self) { try CycleGANRun.resume(folder["given"]) }
  }
}
