import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing

@testable import Datasets

struct ScatteredWindowsTests {
  let temporary: TemporaryFolder
  private let width = 120
  private let height = 90

  init() throws { temporary = try TemporaryFolder() }

  private func scene(_ boxes: [PixelBox]) -> Mask {
    boxes.reduce(Mask(width: width, height: height)) { $0.union(rectangle($1, width: width, height: height)) }
  }

  /// Small defects in a corner and in the middle, a defect larger than any window, clean images, one too small.
  private func make() throws -> Dataset {
    let writer = try DatasetWriter(
      to: temporary["set"], description: "", cleanName: "Free", categories: ["Hole", "Crack"])
    func add(_ key: Int, _ name: String, _ labels: [DatasetWriter.Label], _ split: Split?) throws {
      try writer.add(
        picture(key, width: width, height: height), as: name, labels: labels, split: split,
        provenance: .init(source: "raw/\(name)", group: "g\(key)"))
    }
    let small = scene([
      PixelBox(x: 0, y: 0, width: 3, height: 3), PixelBox(x: 60, y: 40, width: 5, height: 7),
      PixelBox(x: 100, y: 80, width: 1, height: 1),
    ])
    try add(1, "a/small.png", [.init("Hole", mask: small)], .train)
    try add(2, "a/large.png", [.init("Crack", mask: scene([PixelBox(x: 5, y: 44, width: 110, height: 3)]))], .test)
    try add(3, "b/clean.png", [], .validation)
    try add(4, "b/whole.png", [.init("Hole")], .train)
    try add(
      5, "b/two.png",
      [
        .init("Hole", mask: scene([PixelBox(x: 30, y: 30, width: 2, height: 4)])),
        .init("Crack", mask: scene([PixelBox(x: 32, y: 30, width: 6, height: 4)])),
      ], nil)
    try writer.add(
      picture(6, width: 31, height: 80), as: "c.png", labels: [], provenance: .init(source: "c", group: "c"))
    return try writer.finish()
  }

  @Test func windowsShowTheirDefects() throws {
    let set = try make()
    let summary = try Cropper(ScatteredWindows(window: 32, perDefect: 3, cleanPerImage: 4, seed: 7))
      .crop(set, to: temporary["cut"])
    let report = summary.report
    let cut = try Dataset(at: temporary["cut"])
    #expect(report.tooSmall == ["c.png"] && report.withoutMask == ["b/whole.png"] && report.specks == 1)
    #expect(summary.windows == cut.images.count)
    #expect(cut.images(inClass: "Free").count == 4)
    for image in cut.images {
      let provenance = image.provenance
      let source = try #require(set.images.first { $0.fileName == provenance.sourceImage })
      let box = try #require(provenance.box)
      #expect((image.width, image.height) == (32, 32))
      #expect(image.split == source.split && image.group == source.group)
      #expect(try cut.pixels(of: image) == set.pixels(of: source).cropped(to: box))
      let mask = try #require(set.mask(of: source))
      #expect(cut.mask(of: image) == mask.cropped(to: box))
      #expect(image.isClean == source.isClean)
      for other in cut.images where other.id != image.id && other.provenance.sourceImage == source.fileName {
        let second = try #require(other.provenance.box)
        #expect(max(abs(second.x - box.x), abs(second.y - box.y)) >= 4)
      }
    }
    #expect(cut.images.count { $0.provenance.sourceImage == "a/large.png" } == 3)
    // Two kinds side by side come along as two annotations.
    let two = cut.images.filter { $0.provenance.sourceImage == "b/two.png" }
    #expect(two.count == 3 && two.contains { $0.annotations.count == 2 })
    #expect(report.tooClose + summary.windows == 3 * 2 + 3 + 4 + 3)
  }

  @Test func theFirstWindowIsCentred() throws {
    try Cropper(ScatteredWindows(window: 32, seed: 1)).crop(try make(), to: temporary["cut"])
    let cut = try Dataset(at: temporary["cut"])
    let boxes = cut.images.filter { $0.provenance.sourceImage == "a/small.png" }.compactMap(\.provenance.box)
    #expect(boxes.map { [$0.x, $0.y] }.sorted { $0[0] < $1[0] } == [[0, 0], [46, 27]])
  }

  @Test func theSeedDecides() throws {
    let set = try make()
    func boxes(_ seed: UInt64, threads: Int = 2) throws -> [String] {
      let cropper = try Cropper(
        ScatteredWindows(window: 32, perDefect: 2, cleanPerImage: 3, seed: seed), threads: threads)
      try cropper.crop(set, to: temporary["cut"], replacing: true)
      return try Dataset(at: temporary["cut"]).images.map { $0.fileName + $0.provenance.sha256 }
    }
    #expect(try boxes(1) == boxes(1, threads: 1))
    #expect(try boxes(1) != boxes(2))
  }

  @Test(arguments: 0..<20)
  func plansStayInside(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let (width, height) = (20 + random.int(below: 60), 20 + random.int(below: 60))
    let window = 8 + random.int(below: 12)
    var bits = [UInt8](repeating: 0, count: width * height)
    var spot = random.int(below: bits.count)
    for _ in 0..<200 {  // A worm, often larger than the window.
      bits[spot] = 1
      let (x, y) = (spot % width + random.int(below: 3) - 1, spot / width + random.int(below: 3) - 1)
      if x >= 0, x < width, y >= 0, y < height { spot = y * width + x }
    }
    let mask = Mask(width: width, height: height, bits: bits)
    let planner = WindowPlanner(width: width, height: height, window: window, distance: 2)
    let defect = try #require(try MaskComponents(of: mask).components.first)
    let boxes = planner.windows(over: defect, count: 5, taken: [], &random)
    #expect(!boxes.isEmpty)
    for box in boxes {
      #expect(box.lies(withinWidth: width, height: height) && box.width == window)
      #expect(!mask.cropped(to: box).isEmpty)
    }
    for box in planner.windows(count: 5, &random) { #expect(box.lies(withinWidth: width, height: height)) }
    let exact = WindowPlanner(width: window, height: window, window: window, distance: 2)
    #expect(exact.windows(count: 3, &random) == [PixelBox(x: 0, y: 0, width: window, height: window)])
  }

  /// A window shifted to the upper right of an angle "L" of its own size would show nothing of it.
  @Test(arguments: 0..<10)
  func shiftedWindowsStillShowTheDefect(_ seed: Int) throws {
    let angle = rectangle(PixelBox(x: 20, y: 20, width: 1, height: 16), width: 60, height: 60)
      .union(rectangle(PixelBox(x: 20, y: 35, width: 16, height: 1), width: 60, height: 60))
    let defect = try #require(try MaskComponents(of: angle).components.first)
    var random = SeededGenerator(seed: UInt64(seed))
    let planner = WindowPlanner(width: 60, height: 60, window: 16, distance: 1)
    for box in planner.windows(over: defect, count: 20, taken: [], &random) {
      #expect(!angle.cropped(to: box).isEmpty)
    }
  }

  @Test func refusesNumbersThatMakeNoWindows() throws {
    #expect(throws: InputError.self) { try Cropper(ScatteredWindows(window: 7)) }
    #expect(throws: InputError.self) { try Cropper(ScatteredWindows(perDefect: 0, cleanPerImage: 0)) }
    #expect(throws: InputError.self) { try Cropper(ScatteredWindows(perDefect: -1)) }
    let set = try make()
    #expect { try Cropper(ScatteredWindows(window: 200)).crop(set, to: temporary["cut"]) } throws: {
      "\($0)".contains("6 images are smaller")
    }
    #expect(try temporary.names() == ["set"])
  }
}
