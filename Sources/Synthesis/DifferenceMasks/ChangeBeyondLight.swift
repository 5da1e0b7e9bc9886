import Foundation
import Images

/// What one channel of a translation changed, without what changes smoothly: light and contrast.
///
/// The difference is fitted by the clean image's value and its square (contrast) and a surface of second degree (light), and
/// what is left by its mean over large surroundings. Pixels that stand out count in neither; as it takes the fit to find them
/// and them to fit, this is done several times, beginning with the least sum of absolute differences by a plane, which a
/// defect of a quarter of the image does not move.
struct ChangeBeyondLight {
  /// In grey levels, with their sign. [H, W].
  let values: [Float]

  private static let absoluteRounds = 6
  /// Pixels farther off than so many grey levels stand out, round by round: what light has not been found yet may be large.
  private static let bounds: [Float] = [16, 16, 16, 12, 8, 6, 4]
  /// In the first rounds the surface alone is fitted.
  private static let surfaceRounds = 2
  /// And farther than so many standard deviations of the rest.
  private static let outlier: Float = 3
  /// The surroundings reach over this part of the shorter side.
  private static let surroundings = 8
  /// A mean flattens what bends; what it leaves is averaged again.
  private static let sweeps = 3

  init(of made: Image, from clean: Image, channel: Int) {
    let (width, height, channels) = (clean.width, clean.height, clean.channels)
    let (new, old) = (made.bytes, clean.bytes)
    let difference = (0..<width * height).map { pixel in
      Float(new[pixel * channels + channel]) - Float(old[pixel * channels + channel])
    }
    let light = LightFit(width: width, height: height) { Float(old[$0 * channels + channel]) / 127.5 - 1 }
    var rest = difference
    for _ in 0..<Self.absoluteRounds {
      rest = light.residual(of: difference, rest.map { 1 / max(abs($0), 1) }, terms: LightFit.plane)
    }
    let radius = max(4, min(width, height) / Self.surroundings)
    for (round, bound) in Self.bounds.enumerated() {
      let limit = max(Self.outlier * rest.medianSize / 0.6745, bound)
      let weights = rest.map { abs($0) <= limit ? 1 : 0 as Float }
      rest = light.residual(of: difference, weights, terms: LightFit.all)
      guard round >= Self.surfaceRounds else { continue }
      let cover = weights.boxed(width: width, height: height, radius: radius)
      for _ in 0..<Self.sweeps {
        let sums = zip(rest, weights).map { $0 * $1 }.boxed(width: width, height: height, radius: radius)
        for pixel in rest.indices where cover[pixel] > 0.02 { rest[pixel] -= sums[pixel] / cover[pixel] }
      }
    }
    values = rest
  }
}

/// Weighted least squares by a constant, the clean image's value, x, y, and the squares x², xy, y² and that of the value.
private struct LightFit {
  typealias Terms = SIMD8<Double>
  /// Terms that take part: 1, others 0.
  static let plane = Terms(1, 1, 1, 1, 0, 0, 0, 0)
  static let all = Terms(repeating: 1)

  private let width: Int
  private let height: Int
  private let value: (Int) -> Float

  init(width: Int, height: Int, value: @escaping (Int) -> Float) {
    (self.width, self.height, self.value) = (width, height, value)
  }

  private func terms(_ pixel: Int) -> Terms {
    let x = 2 * Double(pixel % width) / Double(max(width - 1, 1)) - 1
    let y = 2 * Double(pixel / width) / Double(max(height - 1, 1)) - 1
    let value = Double(value(pixel))
    return Terms(1, value, x, y, x * x, x * y, y * y, value * value)
  }

  func residual(of difference: [Float], _ weights: [Float], terms used: Terms) -> [Float] {
    let count = Terms.scalarCount
    var matrix = [Terms](repeating: .zero, count: count)
    var right = Terms.zero
    for pixel in difference.indices where weights[pixel] > 0 {
      let terms = terms(pixel) * used
      let weighted = terms * Double(weights[pixel])
      for i in 0..<count { matrix[i] += weighted * terms[i] }
      right += weighted * Double(difference[pixel])
    }
    // A flat image's value is a constant too: a little towards 0 tells which of the two it is. So are terms left out.
    for i in 0..<count { matrix[i][i] += 1e-3 }
    let solution = Self.solved(matrix, right)
    return difference.indices.map { difference[$0] - Float((terms($0) * solution).sum()) }
  }

  /// By Gauss, of a matrix that is symmetric and positive.
  private static func solved(_ matrix: [Terms], _ right: Terms) -> Terms {
    var (rows, right, solution) = (matrix, right, Terms.zero)
    for i in rows.indices {
      for k in i + 1..<rows.count {
        let factor = rows[k][i] / rows[i][i]
        rows[k] -= rows[i] * factor
        right[k] -= right[i] * factor
      }
    }
    for i in rows.indices.reversed() {
      // What is not solved yet is still 0.
      solution[i] = (right[i] - (rows[i] * solution).sum()) / rows[i][i]
    }
    return solution
  }
}
