import Foundation
import Testing
import Torch

@testable import Metrics

/// Compared with pytorch-fid, clean-fid and prdc: `Goldens/features.json`, written by `Goldens/features.py`.
struct FeatureDistanceTests {
  struct Case: Decodable, CustomTestStringConvertible {
    var name: String
    var features: Int
    var real: [Float]
    var synthetic: [Float]
    var frechet: Double
    var kernel: Double
    var precision: Double
    var recall: Double
    var density: Double
    var coverage: Double
    var testDescription: String { name }

    func tensors() throws -> (real: Tensor, synthetic: Tensor) {
      (
        try Tensor(real, shape: [real.count / features, features]),
        try Tensor(synthetic, shape: [synthetic.count / features, features])
      )
    }
  }

  static let cases: [Case] = {
    struct File: Decodable { var cases: [Case] }
    guard let url = Bundle.module.url(forResource: "Goldens/features", withExtension: "json"),
      let data = try? Data(contentsOf: url), let file = try? JSONDecoder().decode(File.self, from: data)
    else { return [] }
    return file.cases
  }()

  @Test func goldensAreThere() { #expect(Self.cases.count == 4) }

  @Test(arguments: cases) func frechetDistanceIsThatOfPytorchFID(_ golden: Case) throws {
    let (real, synthetic) = try golden.tensors()
    let found = try FeatureStatistics(real).frechetDistance(to: FeatureStatistics(synthetic))
    #expect(abs(found - golden.frechet) <= 1e-4 * abs(golden.frechet))
    // It is symmetric, and nothing is far from itself.
    #expect(
      abs(try FeatureStatistics(synthetic).frechetDistance(to: FeatureStatistics(real)) - found) <= 1e-6 * abs(found))
    #expect(abs(try FeatureStatistics(real).frechetDistance(to: FeatureStatistics(real))) < 1e-5)
  }

  @Test(arguments: cases) func kernelDistanceIsThatOfCleanFID(_ golden: Case) throws {
    let (real, synthetic) = try golden.tensors()
    let same = min(real.shape[0], synthetic.shape[0])
    let found = try KernelDistance.discrepancy(real.sliced(0, 0..<same), synthetic.sliced(0, 0..<same))
    #expect(abs(found - golden.kernel) <= 1e-6 * max(abs(golden.kernel), 1))
  }

  @Test(arguments: cases) func manifoldFiguresAreThoseOfPRDC(_ golden: Case) throws {
    let (real, synthetic) = try golden.tensors()
    let found = try ManifoldFigures(real: real, synthetic: synthetic)
    #expect(abs(found.precision - golden.precision) < 1e-9)
    #expect(abs(found.recall - golden.recall) < 1e-9)
    #expect(abs(found.density - golden.density) < 1e-9)
    #expect(abs(found.coverage - golden.coverage) < 1e-9)
  }

  @Test func copiesFormNoPair() throws {
    // Three images of which one counts twice, against the definition with the copy's own pair left out.
    let (x, y) = (try Self.noise(3, seed: 1), try Self.noise(4, seed: 2))
    let weights = [2.0, 1, 0]
    let found = try KernelDistance.discrepancy(x, y, weights: Tensor(weights, shape: [1, 3]))
    let (a, b) = (try x.elements(as: Double.self), try y.elements(as: Double.self))
    func kernel(_ one: ArraySlice<Double>, _ other: ArraySlice<Double>) -> Double {
      let product = zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
      return pow(product / 5 + 1, 3)
    }
    func row(_ rows: [Double], _ index: Int) -> ArraySlice<Double> { rows[index * 5..<index * 5 + 5] }
    let within = kernel(row(a, 0), row(a, 1))  // The only two that differ.
    var second = 0.0
    for i in 0..<4 { for j in 0..<4 where i != j { second += kernel(row(b, i), row(b, j)) } }
    var cross = 0.0
    for i in 0..<3 { for j in 0..<4 { cross += weights[i] * kernel(row(a, i), row(b, j)) } }
    #expect(abs(found - (within + second / 12 - 2 * cross / 12)) < 1e-9)
  }

  @Test func intervalsHoldTheTruth() throws {
    // Sets of one distribution: 0 lies in the interval in about 95 of 100 cases.
    var held = 0
    for trial in 0..<100 {
      let (x, y) = (
        try Self.noise(40, seed: UInt64(2 * trial)), try Self.noise(40, seed: UInt64(2 * trial + 1))
      )
      let found = try KernelDistance(x, y, draws: 300, seed: UInt64(trial))
      #expect(found.method == "whole sets, 300 bootstrap draws")
      if found.interval.contains(0) { held += 1 }
    }
    #expect((85...100).contains(held))
  }

  @Test func largeSetsAreComparedBySubsets() throws {
    let (x, y) = (try Self.noise(2000, seed: 1), try Self.noise(2100, seed: 2))
    let found = try KernelDistance(x, y, subsets: 5, seed: 3)
    #expect(found.method == "mean over 5 subsets of 1000")
    #expect(found == (try KernelDistance(x, y, subsets: 5, seed: 3)))
    #expect(abs(found.value) < 0.01 && found.interval.contains(found.value))
    #expect(try KernelDistance(x, y + 1, subsets: 5).interval.lowerBound > 1)
  }

  private static func noise(_ count: Int, seed: UInt64) throws -> Tensor {
    try .normal([count, 5], type: .float64, generator: Generator(seed: seed))
  }
}
