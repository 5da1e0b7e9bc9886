import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing

@testable import Datasets

struct CropperTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  /// Two images with a defect each, already split, and a clean one.
  private func make() throws -> Dataset {
    let writer = try DatasetWriter(to: temporary["set"], description: "", cleanName: "Free", categories: ["Hole"])
    for key in 0..<3 {
      let mask = rectangle(PixelBox(x: 30, y: 12, width: 6, height: 5), width: 70, height: 40)
      try writer.add(
        picture(key, width: 70, height: 40), as: "p\(key).png", labels: key < 2 ? [.init("Hole", mask: mask)] : [],
        split: key == 0 ? .test : .train, provenance: .init(source: "raw/\(key)", group: "part\(key)"))
    }
    return try writer.finish()
  }

  @Test func windowsKeepWhereTheyCameFrom() throws {
    let set = try make()
    var windows = CentredWindows(width: 16)
    windows.darkLevel = 0
    let summary = try Cropper(windows).crop(set, to: temporary["cut"])
    #expect(summary.classes == ["Hole": 2, "Free": 2] && summary.report.instances == 2)
    let cut = try Dataset(at: temporary["cut"])
    for image in cut.images {
      let source = try #require(set.images.first { $0.fileName == image.provenance.sourceImage })
      let box = try #require(image.provenance.box)
      #expect(try cut.pixels(of: image) == set.pixels(of: source).cropped(to: box))
      #expect(cut.mask(of: image) == set.mask(of: source)?.cropped(to: box))
      #expect(image.group == source.group && image.split == source.split)
      #expect(image.provenance.sourceAnnotations == source.annotations.map(\.id))
    }
    #expect(cut.images(inClass: "Hole").compactMap(\.provenance.box?.x) == [24, 24])
  }

  @Test func nothingIsCutTwice() throws {
    let set = try make()
    let tiles = try Cropper(TiledWindows(side: 20, overlap: 4))
    let first = try tiles.crop(set, to: temporary["cut"])
    #expect(!first.wasDone)
    let file = temporary["cut/annotations.json"]
    let time = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int
    let second = try tiles.crop(set, to: temporary["cut"])
    #expect(second.wasDone && second.windows == first.windows && second.report == first.report)
    #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int == time)
    // Other numbers, another way, or another source are another cut.
    #expect(throws: InputError.self) { try Cropper(TiledWindows(side: 20)).crop(set, to: temporary["cut"]) }
    #expect(throws: InputError.self) { try Cropper(ScatteredWindows(window: 20)).crop(set, to: temporary["cut"]) }
    #expect(try !Cropper(TiledWindows(side: 20)).crop(set, to: temporary["cut"], replacing: true).wasDone)
    // A window that was lost is cut again.
    let lost = try #require(try Dataset(at: temporary["cut"]).images.first)
    try FileManager.default.removeItem(at: temporary["cut/images/\(lost.fileName)"])
    #expect(try !Cropper(TiledWindows(side: 20)).crop(set, to: temporary["cut"], replacing: true).wasDone)
    let moved = try Splitter(train: 0.5, validation: 0, test: 0.5, seed: 1)
    _ = try SplitRun(moved, groups: SplitGroups(of: set), testImages: .replace).run(set)
    let split = try Dataset(at: temporary["set"])
    #expect(throws: InputError.self) { try Cropper(TiledWindows(side: 20)).crop(split, to: temporary["cut"]) }
  }

  @Test(arguments: [(70, 40, 16, 0), (64, 48, 16, 0), (33, 20, 20, 19), (100, 41, 24, 8), (20, 20, 20, 3)])
  func tilesShowEveryPixel(_ width: Int, _ height: Int, _ side: Int, _ overlap: Int) throws {
    let writer = try DatasetWriter(to: temporary["one"], description: "", cleanName: "Free", categories: ["Hole"])
    let mask = rectangle(PixelBox(x: 3, y: 4, width: 15, height: 9), width: width, height: height)
    try writer.add(
      picture(1, width: width, height: height), as: "one.png", labels: [.init("Hole", mask: mask)],
      provenance: .init(source: "one", group: "one"))
    try Cropper(TiledWindows(side: side, overlap: overlap)).crop(try writer.finish(), to: temporary["tiles"])
    let cut = try Dataset(at: temporary["tiles"])
    var seen = Array(repeating: 0, count: width * height)
    var defects = 0
    for image in cut.images {
      let box = try #require(image.provenance.box)
      let own = try #require(cut.mask(of: image))
      for y in 0..<side { for x in 0..<side { seen[(box.y + y) * width + box.x + x] += 1 } }
      for y in 0..<side { for x in 0..<side { #expect(own[x, y] == mask[box.x + x, box.y + y]) } }
      defects += own.isEmpty ? 0 : 1
      #expect(image.isClean == own.isEmpty)
    }
    #expect(!seen.contains(0) && defects > 0)
    // Neighbours share as much as asked for, and no more tiles are cut than that needs.
    let step = side - overlap
    func tiles(_ length: Int) -> Int { (length - side + step - 1) / step + 1 }
    #expect(cut.images.count == tiles(width) * tiles(height))
  }

  @Test func darkTilesCanBeLeftOut() throws {
    let writer = try DatasetWriter(to: temporary["dark"], description: "", cleanName: "Free", categories: [])
    let bytes = (0..<40 * 20).map { UInt8($0 % 40 < 20 ? 10 : 200) }
    try writer.add(
      Image(width: 40, height: 20, bytes: bytes), as: "x.png", labels: [], provenance: .init(source: "x", group: "x"))
    let set = try writer.finish()
    let summary = try Cropper(TiledWindows(side: 10, darkLevel: 25)).crop(set, to: temporary["cut"])
    #expect(summary.windows == 4 && summary.report.dark == 4)
  }

  @Test func theSeedDecidesCleanWindowsAndThinning() throws {
    let set = try make()
    func names(_ seed: UInt64, most: Int? = nil, threads: Int = 2) throws -> [String] {
      var windows = CentredWindows(width: 16)
      windows.darkLevel = 0
      windows.cleanRatio = 4
      windows.mostDefects = most
      windows.seed = seed
      try Cropper(windows, threads: threads).crop(set, to: temporary["cut"], replacing: true)
      return try Dataset(at: temporary["cut"]).images.map(\.fileName)
    }
    #expect(try names(1) == names(1, threads: 1))
    #expect(try names(1) != names(2))
    #expect(try names(1, most: 1).count == 5)
    #expect(Set(try (0..<12).map { try names($0, most: 1).first { !$0.hasPrefix("p2") } }).count == 2)
  }

  @Test func numbersThatMakeNoWindowsAreRefused() throws {
    func refused(_ change: (inout CentredWindows) -> Void) -> Bool {
      var windows = CentredWindows(width: 16)
      change(&windows)
      return (try? Cropper(windows)) == nil
    }
    #expect(!refused { _ in })
    #expect(refused { $0.width = 7 } && refused { $0.height = 5000 } && refused { $0.quantile = 0 })
    #expect(refused { $0.tolerance = .nan } && refused { $0.margin = -1 } && refused { $0.darkLevel = 256 })
    #expect(refused { $0.minimumArea = 0 } && refused { $0.mostDefects = 0 } && refused { $0.cleanRatio = -1 })
    #expect(refused { $0.cleanRatio = .infinity })
    #expect(throws: InputError.self) { try Cropper(TiledWindows(side: 16, overlap: 16)) }
    var other = CentredWindows(width: 16)
    other.classes = ["Scratch"]
    #expect { try Cropper(other).crop(make(), to: temporary["cut"]) } throws: { "\($0)".contains("'Scratch'") }
    #expect(try temporary.names() == ["set"])
  }

  /// As pandas has it: between the two nearest in proportion.
  @Test func theSideComesFromTheWidths() throws {
    #expect(CentredWindows.quantile(0.9, of: [10]) == 10)
    #expect(abs(CentredWindows.quantile(0.9, of: [40, 10, 30, 20]) - 37) < 1e-9)
    #expect(CentredWindows.quantile(1, of: [1, 5, 2]) == 5)
    let writer = try DatasetWriter(to: temporary["wide"], description: "", cleanName: "Free", categories: ["Hole"])
    for (key, width) in [11, 21, 31, 41].enumerated() {
      let mask = rectangle(PixelBox(x: 60, y: 50, width: width, height: 3), width: 150, height: 120)
      try writer.add(
        picture(key, width: 150, height: 120), as: "\(key).png", labels: [.init("Hole", mask: mask)],
        provenance: .init(source: "\(key)", group: "\(key)"))
    }
    var windows = CentredWindows()
    windows.darkLevel = 0
    let summary = try Cropper(windows).crop(try writer.finish(), to: temporary["cut"])
    #expect(summary.report.width == 37 && summary.report.height == 37)
    // 30 of 32 pixels fit; 40 do not.
    #expect(summary.windows == 3 && summary.report.tooLarge == 1)
  }

  @Test(arguments: [(10, [3, 3, 3]), (7, [9, 1, 9]), (5, [1, 1]), (0, [4]), (1000, [900, 50, 200])])
  func cleanWindowsAreSharedEvenly(_ total: Int, _ most: [Int]) {
    let shares = CentredWindows.evenShares(of: total, most: most)
    #expect(shares.reduce(0, +) == min(total, most.reduce(0, +)))
    #expect(zip(shares, most).allSatisfy { $0 <= $1 })
    let highest = shares.max() ?? 0
    #expect(zip(shares, most).allSatisfy { $0 >= highest - 1 || $0 == $1 })
  }
}
