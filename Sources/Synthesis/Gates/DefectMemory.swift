import Files
import Images
import Metrics
import Torch

/// The training defects as they look, to find copies of them.
struct DefectMemory {
  private let features: WindowFeatures
  private let references: Tensor
  /// Distances of real defects to the nearest one of another group, upwards.
  private let within: [Double]
  /// Below it an image is a copy.
  let threshold: Double
  /// What is usual among real defects.
  var median: Double { Quantiles.sample(within, 0.5) }

  private static let rowsAtOnce = 256

  /// - Parameters:
  ///   - windows: around real defects, of the features' side.
  ///   - groups: of the defects: views of one thing are alike without anything having been copied.
  ///   - share: of real defects that are farther from each other than what counts as a copy.
  /// - Throws: `InputError` when all belong to one group.
  init(_ windows: [Image], groups: [String], features: WindowFeatures, share: Double, at place: String) throws {
    let names = Dictionary(
      Set(groups).sorted().enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    guard names.count > 1 else {
      throw InputError(
        at: place, expected: "defects of at least two groups in the training split, to know how alike real ones are",
        found: "\(windows.count) of \(names.count)", remedy: "Leave out the gate 'memory'")
    }
    self.features = features
    references = try features.references(of: windows)
    let numbers = groups.map { names[$0] ?? 0 }
    let times = features.rowsPerReference
    let expanded = numbers.flatMap { Array(repeating: $0, count: times) }
    var distances: [Double] = []
    for start in stride(from: 0, to: windows.count, by: Self.rowsAtOnce) {
      let range = start..<min(start + Self.rowsAtOnce, windows.count)
      // The upright ones are compared with all orientations of the others.
      let upright = try references.sliced(0, range.lowerBound * times..<range.upperBound * times, step: times)
      distances += try NearestNeighbours(
        of: upright, in: Array(numbers[range]), among: references, in: expanded
      ).distances
    }
    within = distances.sorted()
    threshold = Quantiles.sample(within, 1 - share)
  }

  /// How far each of some rows is from the nearest real defect, and which that is.
  ///
  /// Shapes: [N, D] → N.
  func nearest(to rows: Tensor) throws -> (distances: [Double], defects: [Int]) {
    let found = try NearestNeighbours(of: rows, among: references)
    return (found.distances, found.indices.map { $0 / features.rowsPerReference })
  }
}
