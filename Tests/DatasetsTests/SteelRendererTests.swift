import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

struct SteelRendererTests {
  @Test(arguments: SteelRenderer.kinds, 0..<8)
  func aFlawChangesItsOwnPixelsOnly(_ kind: String, _ index: Int) throws {
    let renderer = try SteelRenderer(size: 48, seed: 5)
    let clean = try renderer.rendering(index, flaw: nil)
    let flawed = try renderer.rendering(index, flaw: kind)
    #expect(clean.mask.isEmpty && flawed.mask.area >= 4 && flawed.mask.area < 48 * 48 / 3)
    #expect(clean.image.bits == 8 && clean.depth.bits == 16)
    var far = 0
    var inside = 0
    var outside = 0
    for y in 0..<48 {
      for x in 0..<48 {
        let change = abs(flawed.image[x, y] - clean.image[x, y])
        let near = (max(y - 3, 0)...min(y + 3, 47)).contains { py in
          (max(x - 3, 0)...min(x + 3, 47)).contains { flawed.mask[$0, py] }
        }
        if flawed.mask[x, y] { inside += change }
        if !near {
          far = max(far, change)
          outside += 1
        }
        // Beyond the mask, height changes by less than 0.3 µm.
        let step = abs(flawed.depth[x, y] - clean.depth[x, y])
        if !flawed.mask[x, y] { #expect(Double(step) <= 0.3 * SteelRenderer.depthStepsPerMicrometre + 1) }
      }
    }
    #expect(outside > 500)
    #expect(far <= 12, "\(far)")
    #expect(Double(inside) / Double(flawed.mask.area) > 4)
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    let renderer = try SteelRenderer(size: 32, seed: 1)
    let first = try renderer.rendering(3, flaw: "pit")
    #expect(try SteelRenderer(size: 32, seed: 1).rendering(3, flaw: "pit") == first)
    #expect(try renderer.rendering(4, flaw: "pit").image != first.image)
    #expect(try SteelRenderer(size: 32, seed: 2).rendering(3, flaw: "pit").image != first.image)
    #expect(throws: InputError.self) { try renderer.rendering(1, flaw: "rust") }
    #expect(throws: InputError.self) { try SteelRenderer(size: 8) }
    #expect(throws: InputError.self) { try RenderedSteel(count: 0) }
    #expect(throws: InputError.self) { try RenderedSteel(count: 1, defectiveShare: .nan) }
  }

  @Test func surfacesLookLikeSteel() throws {
    let image = try SteelRenderer(size: 64, seed: 9).rendering(0, flaw: nil).image
    #expect((0.25...0.75).contains(image.brightness))
    // Lines run across the image: neighbours across differ less than neighbours down, once noise is averaged out.
    func mean(_ values: [Int]) -> Double { Double(values.reduce(0, +)) / Double(values.count) }
    let rows = (0..<64).map { y in mean((0..<64).map { image[$0, y] }) }
    let columns = (0..<64).map { x in mean((0..<64).map { image[x, $0] }) }
    func roughness(_ line: [Double]) -> Double { zip(line, line.dropFirst()).map { abs($0 - $1) }.reduce(0, +) }
    #expect(roughness(rows) > 2 * roughness(columns))
    #expect(!image.bytes.contains(0) && !image.bytes.contains(255))
  }

  @Test(arguments: [1, 2])
  func writesASetWithDepth(_ threads: Int) throws {
    let temporary = try TemporaryFolder()
    var steel = try RenderedSteel(count: 30, defectiveShare: 0.4, size: 24, seed: 6)
    steel.threads = threads
    let set = try steel.write(to: temporary["set"])
    #expect(set.classNames == ["clean", "scratch", "pit", "inclusion"])
    #expect(set.classNames.map { set.images(inClass: $0).count } == [18, 4, 4, 4])
    #expect(Set(set.images.map(\.group)).count == 30)
    for image in set.images {
      let index = try #require(Int(image.fileName.suffix(10).prefix(6)))
      let name = set.className(of: image)
      let drawn = try steel.renderer.rendering(index, flaw: name == "clean" ? nil : name)
      #expect(try set.pixels(of: image) == drawn.image)
      #expect(set.mask(of: image) == drawn.mask)
      #expect(try Image(contentsOf: set.depthURL(of: image)) == drawn.depth)
    }
  }
}
