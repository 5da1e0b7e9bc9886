import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing

@testable import Datasets

struct CentredWindowsTests {
  typealias Spot = SlowWindows.Spot

  /// Strips with dark ends, some with blobs of one or two kinds, some clean, some too small.
  private static func scenes(_ seed: Int) -> [SlowWindows.Scene] {
    var random = SeededGenerator(seed: UInt64(seed), purpose: "scenes")
    return (0..<10).map { number in
      let (width, height) = (36 + random.int(below: 60), random.bool() ? 20 : 24 + random.int(below: 30))
      let dark = (random.int(below: 12), width - random.int(below: 12))
      let grey = (0..<height).map { _ in
        (0..<width).map { x in x < dark.0 || x >= dark.1 ? random.int(below: 40) : 20 + random.int(below: 200) }
      }
      var classes: [String: [[Bool]]] = [:]
      for name in number % 3 == 0 ? [] : number % 3 == 1 ? ["Hole"] : ["Crack", "Hole"] {
        var pixels = Array(repeating: Array(repeating: false, count: width), count: height)
        for _ in 0..<1 + random.int(below: 4) {
          let (x, y) = (random.int(below: width), random.int(below: height))
          let (across, down) = (1 + random.int(below: 12), 1 + random.int(below: 8))
          for row in y..<min(y + down, height) {
            for column in x..<min(x + across, width) where random.bool(probability: 0.7) { pixels[row][column] = true }
          }
        }
        if pixels.contains(where: { $0.contains(true) }) { classes[name] = pixels }
      }
      return SlowWindows.Scene(name: "strip\(number).png", grey: grey, classes: classes)
    }
  }

  /// The scenes as a data set.
  private static func dataset(_ scenes: [SlowWindows.Scene], at folder: URL) throws -> Dataset {
    let writer = try DatasetWriter(
      to: folder, description: "", cleanName: "Free", categories: Set(scenes.flatMap(\.classes.keys)).sorted())
    for scene in scenes {
      try writer.add(
        Image(width: scene.width, height: scene.height, bytes: scene.grey.joined().map { UInt8($0) }), as: scene.name,
        labels: scene.classes.sorted { $0.key < $1.key }.map { name, pixels in
          .init(
            name, mask: Mask(width: scene.width, height: scene.height, bits: pixels.joined().map { $0 ? 1 : 0 }))
        }, provenance: Provenance(source: scene.name, group: "group of \(scene.name)"))
    }
    return try writer.finish()
  }

  /// Compares what was cut with what the plain rules select, and returns the number of windows of defects and of clean ones.
  private static func compare(
    _ cut: Dataset, _ windows: CentredWindows, _ slow: SlowWindows, _ scenes: [SlowWindows.Scene],
    cleanFrom isSource: (SlowWindows.Scene) -> Bool
  ) throws -> (defects: Int, clean: Int) {
    var (defects, clean) = (0, 0)
    var places = 0
    var shares: [(share: Int, most: Int)] = []
    for scene in scenes {
      let own = cut.images.filter { $0.provenance.sourceImage == scene.name }
      let boxes = try own.map { try #require($0.provenance.box) }
      #expect(boxes.allSatisfy { $0.width == slow.width && $0.height == slow.height })
      let spots = zip(own, boxes).map { (isClean: $0.isClean, spot: Spot(x: $1.x, y: $1.y)) }
      let found = spots.filter { !$0.isClean }.map(\.spot)
      let wanted = scene.classes.isEmpty ? [] : slow.windows(of: scene)
      #expect(Set(found) == wanted && found.count == wanted.count, "\(scene.name)")
      defects += found.count
      let drawn = spots.filter(\.isClean).map(\.spot)
      #expect(Set(drawn).count == drawn.count)
      clean += drawn.count
      guard isSource(scene) else {
        #expect(drawn.isEmpty)
        continue
      }
      let all = slow.cleanPlaces(in: scene)
      #expect(all.isSuperset(of: drawn))
      places += all.count
      shares.append((drawn.count, all.count))
    }
    let wanted = Int((windows.cleanRatio * Double(defects)).rounded())
    #expect(clean == min(wanted, places))
    // As even as the places allow.
    let most = shares.map(\.share).max() ?? 0
    #expect(shares.allSatisfy { $0.share >= most - 1 || $0.share == $0.most })
    return (defects, clean)
  }

  @Test(arguments: 0..<12)
  func selectsWhatThePlainRulesSelect(_ seed: Int) throws {
    let temporary = try TemporaryFolder()
    let scenes = Self.scenes(seed)
    let set = try Self.dataset(scenes, at: temporary["set"])
    var windows = CentredWindows(width: 14 + seed % 4)
    windows.height = seed % 3 == 0 ? 20 : nil
    windows.tolerance = seed % 2 == 0 ? 5 : nil
    windows.margin = seed % 5
    windows.darkLevel = [25, 60, 0][seed % 3]
    windows.connectivity = seed % 4 < 2 ? .four : .eight
    windows.severalClasses = seed % 2 == 0 ? .keep : .drop
    windows.cleanRatio = [1, 30, 0.5, 1000][seed % 4]
    windows.cleanSource = seed % 3 == 1 ? .regions : .images
    windows.seed = UInt64(seed)
    let side = try #require(windows.width)
    let slow = SlowWindows(
      width: side, height: windows.height ?? side, tolerance: windows.tolerance ?? Double(side) * 42 / 160,
      margin: windows.margin, dark: windows.darkLevel, corners: windows.connectivity == .eight,
      dropsSeveralClasses: windows.severalClasses == .drop)
    guard scenes.contains(where: { !$0.classes.isEmpty && !slow.windows(of: $0).isEmpty }) else { return }
    try Cropper(windows).crop(set, to: temporary["cut"])
    let (defects, _) = try Self.compare(try Dataset(at: temporary["cut"]), windows, slow, scenes) {
      $0.classes.isEmpty || windows.cleanSource == .regions
    }
    #expect(defects > 0)
  }

  @Test(.enabled(if: RealData.has("severstal-30"), "needs Severstal's steel"))
  func selectsWhatThePlainRulesSelectOnSteel() throws {
    let temporary = try TemporaryFolder()
    let scenes = try SlowSeverstal.scenes(at: RealData.folder.appendingPathComponent("severstal-30"))
    let set = try Self.dataset(scenes, at: temporary["set"])
    var windows = CentredWindows(width: 256)
    windows.cleanSource = .regions
    windows.cleanRatio = 3
    let slow = SlowWindows(
      width: 256, height: 256, tolerance: 67.2, margin: 5, dark: 25, corners: false, dropsSeveralClasses: true)
    try Cropper(windows).crop(set, to: temporary["cut"])
    let counts = try Self.compare(try Dataset(at: temporary["cut"]), windows, slow, scenes) { _ in true }
    #expect(counts == (21, 63))
  }
}
