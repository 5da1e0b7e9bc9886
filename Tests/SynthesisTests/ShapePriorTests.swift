import Datasets
import Files
import Foundation
import Images
import Randomness
import Synthesis
import TestFolders
import Testing

struct ShapePriorTests {
  private func bar(_ length: Int, _ width: Int) -> Mask {
    Mask(width: length, height: width, bits: Array(repeating: 1, count: length * width))
  }

  private func disc(_ radius: Double) -> Mask {
    let side = 2 * Int(radius) + 3
    return Mask(
      width: side, height: side,
      bits: (0..<side * side).map { index in
        let (x, y) = (Double(index % side) - Double(side / 2), Double(index / side) - Double(side / 2))
        return x * x + y * y <= radius * radius ? 1 : 0
      })
  }

  @Test func aBarIsMeasured() throws {
    let bar = try ShapeStatistics(of: bar(80, 8))
    #expect(bar.area == 640 && abs(bar.elongation - 10) < 1e-9 && abs(bar.orientation) < 1e-9)
    #expect(abs(bar.thickness - 8) < 0.5 && abs(bar.slenderness - 10) < 1.2)
    #expect(abs(bar.fullness - 3 / .pi) < 1e-9)
    #expect(bar.profile.allSatisfy { abs($0 - 1) < 1e-9 })
    let upright = try ShapeStatistics(of: Mask(width: 8, height: 80, bits: Array(repeating: 1, count: 640)))
    #expect(abs(abs(upright.orientation) - .pi / 2) < 1e-9)
  }

  @Test func aDiscAndALineAreMeasured() throws {
    let disc = try ShapeStatistics(of: disc(20))
    #expect(abs(disc.elongation - 1) < 0.01 && abs(disc.fullness - 1) < 0.01)
    #expect(abs(disc.thickness - 80 / 3) < 1)
    #expect(try ShapeStatistics(of: bar(30, 1)).elongation - 30 < 1e-6)
  }

  /// 500 drawn shapes have areas and elongations like those that they are drawn after, for thin and for round ones.
  @Test func drawnShapesAreLikeRealOnes() throws {
    let temporary = try TemporaryFolder()
    let set = try temporary.steel(count: 480, defectiveShare: 0.9, size: 128)
    let prior = try ShapePrior(fitting: DefectLibrary(of: set, minimumArea: 20))
    for kind in ["scratch", "pit", "inclusion"] {
      var random = SeededGenerator(seed: 5)
      let drawn = try (0..<500).map { _ in try ShapeStatistics(of: prior.shape(of: kind, &random).mask) }
      let real = try #require(prior.statistics[kind])
      #expect(real.count > 50)
      for share in [0.25, 0.5, 0.75] {
        func ratio(_ value: (ShapeStatistics) -> Double) -> Double {
          quantile(share, drawn.map(value)) / quantile(share, real.map(value))
        }
        let (area, elongation, thickness, fullness) = (
          ratio(\.area), ratio(\.elongation), ratio(\.thickness), ratio(\.fullness)
        )
        #expect((0.85...1.18).contains(area), "\(kind): area at \(share): \(area)")
        #expect((0.8...1.25).contains(elongation), "\(kind): elongation at \(share): \(elongation)")
        #expect((0.8...1.25).contains(thickness), "\(kind): thickness at \(share): \(thickness)")
        #expect((0.7...1.4).contains(fullness), "\(kind): fullness at \(share): \(fullness)")
      }
    }
  }

  private func quantile(_ share: Double, _ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted[Int(share * Double(sorted.count - 1))]
  }

  @Test func shapesAreNewAndTheSeedDecides() throws {
    let temporary = try TemporaryFolder()
    let library = try DefectLibrary(of: temporary.steel())
    let prior = try ShapePrior(fitting: library)
    #expect(prior.classNames == library.classNames)
    func draw(_ seed: UInt64) throws -> [Mask] {
      var random = SeededGenerator(seed: seed)
      return try (0..<30).map { try prior.shape(of: prior.classNames[$0 % 3], &random).mask }
    }
    let (first, other) = (try draw(1), try draw(2))
    #expect(try draw(1) == first && other != first)
    #expect(
      first.allSatisfy { !$0.isEmpty && $0.boundingBox == PixelBox(x: 0, y: 0, width: $0.width, height: $0.height) })
    let real = Set(library.shapes.map(\.mask.bits))
    #expect(first.filter { $0.area > 20 }.allSatisfy { !real.contains($0.bits) })
    var random = SeededGenerator(seed: 0)
    #expect(throws: InputError.self) { try prior.shape(of: "dent", &random) }
  }

  /// Drawn shapes are placed as real ones are.
  @Test func drawnShapesCanBePlaced() throws {
    let temporary = try TemporaryFolder()
    let prior = try ShapePrior(fitting: DefectLibrary(of: temporary.steel()))
    var random = SeededGenerator(seed: 0)
    let found = try DefectPlacer().place("pit", from: prior, on: Surface(width: 64, height: 64), &random)
    #expect(found.mask.area >= 4 && found.sourceMap == nil)
  }
}
