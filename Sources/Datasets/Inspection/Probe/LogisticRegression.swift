import Foundation

/// Logistic regression with a ridge penalty, fitted by Newton's method: the simplest thing that can tell two sides apart.
///
/// Measures are put on one scale by their mean and standard deviation and cut off at five of these. Both sides weigh the
/// same, however many images they have. The penalty, ½ ‖w‖² beside the summed losses, is scikit-learn's default; it leaves
/// the intercept free.
struct LogisticRegression {
  private let means: [Double]
  private let deviations: [Double]
  /// One for each measure, then the intercept.
  private(set) var weights: [Double]

  private static let most = 5.0

  /// - Parameters:
  ///   - rows: the measures of each image, all of one length, finite.
  ///   - isPositive: of each image; both sides must occur.
  init(rows: [[Double]], isPositive: [Bool]) {
    let count = rows.first?.count ?? 0
    var means = [Double](repeating: 0, count: count), deviations = means
    for row in rows { for index in 0..<count { means[index] += row[index] / Double(rows.count) } }
    for row in rows {
      for index in 0..<count { deviations[index] += pow(row[index] - means[index], 2) / Double(rows.count) }
    }
    self.means = means
    self.deviations = deviations.map { $0.squareRoot() }
    weights = [Double](repeating: 0, count: count + 1)
    fit(rows.map(scaled), isPositive)
  }

  /// Higher means more likely positive.
  func score(_ row: [Double]) -> Double { Self.product(scaled(row), weights) }

  /// With a 1 at the end, for the intercept.
  private func scaled(_ row: [Double]) -> [Double] {
    row.indices.map { index in
      // What never varied while fitting says nothing later.
      guard deviations[index] > 1e-9 * max(1, abs(means[index])) else { return 0 }
      return min(Self.most, max(-Self.most, (row[index] - means[index]) / deviations[index]))
    } + [1]
  }

  private static func product(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
  }

  private mutating func fit(_ rows: [[Double]], _ isPositive: [Bool]) {
    let positives = isPositive.count { $0 }
    guard positives > 0, positives < rows.count else { return }
    let share = (
      yes: Double(rows.count) / 2 / Double(positives), no: Double(rows.count) / 2 / Double(rows.count - positives)
    )
    var loss = self.loss(weights, rows, isPositive, share)
    for _ in 0..<50 {
      let size = weights.count
      // The penalty holds all but the intercept; a trace of it keeps that row solvable.
      var gradient = weights, curvature = [Double](repeating: 0, count: size * size)
      gradient[size - 1] = 0
      for index in 0..<size { curvature[index * size + index] = index < size - 1 ? 1 : 1e-9 }
      for (row, positive) in zip(rows, isPositive) {
        let probability = 1 / (1 + exp(-Self.product(row, weights)))
        let weight = positive ? share.yes : share.no
        let error = weight * (probability - (positive ? 1 : 0))
        let bend = weight * probability * (1 - probability)
        for i in 0..<size {
          gradient[i] += error * row[i]
          let part = bend * row[i]
          for j in 0...i { curvature[i * size + j] += part * row[j] }
        }
      }
      guard let step = Self.solved(curvature, gradient) else { return }
      var length = 1.0
      var next = weights
      var nextLoss = Double.infinity
      while length > 1e-4 {
        next = zip(weights, step).map { $0 - length * $1 }
        nextLoss = self.loss(next, rows, isPositive, share)
        if nextLoss <= loss { break }
        length /= 2
      }
      guard nextLoss <= loss else { return }
      let gain = loss - nextLoss
      (weights, loss) = (next, nextLoss)
      if gain < 1e-8 * (1 + abs(loss)) { return }
    }
  }

  private func loss(
    _ weights: [Double], _ rows: [[Double]], _ isPositive: [Bool], _ share: (yes: Double, no: Double)
  ) -> Double {
    var sum = weights.dropLast().reduce(0) { $0 + $1 * $1 } / 2
    for (row, positive) in zip(rows, isPositive) {
      let score = Self.product(row, weights)
      let margin = positive ? score : -score
      // log(1 + exp(-m)) without overflow.
      sum += (positive ? share.yes : share.no) * (margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin)
    }
    return sum
  }

  /// Solves a symmetric positive definite system, given by its lower triangle, by Cholesky's decomposition.
  private static func solved(_ matrix: [Double], _ right: [Double]) -> [Double]? {
    let size = right.count
    var lower = matrix
    for i in 0..<size {
      for j in 0...i {
        var sum = lower[i * size + j]
        for k in 0..<j { sum -= lower[i * size + k] * lower[j * size + k] }
        if i == j {
          guard sum > 0, sum.isFinite else { return nil }
          lower[i * size + i] = sum.squareRoot()
        } else {
          lower[i * size + j] = sum / lower[j * size + j]
        }
      }
    }
    var result = right
    for i in 0..<size {
      for k in 0..<i { result[i] -= lower[i * size + k] * result[k] }
      result[i] /= lower[i * size + i]
    }
    for i in (0..<size).reversed() {
      for k in (i + 1)..<max(size, i + 1) { result[i] -= lower[k * size + i] * result[k] }
      result[i] /= lower[i * size + i]
    }
    return result
  }
}
