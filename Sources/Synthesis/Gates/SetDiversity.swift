import Torch

/// How different the images of a set are from each other.
struct SetDiversity {
  /// More images than these are thinned out evenly.
  private static let most = 1000
  private let count: Int
  private var met = 0
  private var rows: [[Float]] = []

  /// - Parameter count: how many images there will be.
  init(of count: Int) { self.count = count }

  /// Takes the next image's features, or leaves it out.
  mutating func add(_ row: [Float]) {
    let taken = min(count, Self.most)
    // The first image of each of `most` equal parts.
    if met * taken / count != (met - 1) * taken / count || met == 0 { rows.append(row) }
    met += 1
  }

  /// Mean distance of all pairs; nil for fewer than two.
  func meanDistance() throws -> Double? {
    guard rows.count > 1, let width = rows.first?.count else { return nil }
    let x = try Tensor(rows.flatMap { $0 }, shape: [rows.count, width]).converted(to: .float64)
    let squares = try x.squared().sum([1])
    let distances = try (squares.unsqueezed(1) + squares.unsqueezed(0) - x.matmul(x.transposed(0, 1)) * 2)
      .clamped(0, .infinity).sqrt()
    // The diagonal is 0 up to rounding.
    return try distances.sum([0, 1]).item() / Double(rows.count * (rows.count - 1))
  }
}
