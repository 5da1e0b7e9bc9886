import Testing
import Torch

/// Expects every element a of `actual` and b of `expected` to satisfy |a − b| ≤ relative · (|b| + rms(expected)).
///
/// The root mean square stands for the size of the sums that the elements come from: an element near 0 carries the
/// rounding of its neighbours' scale, but no more. Where everything expected is 0, everything must be 0. Not a number is
/// never close.
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, relative: Double = 1e-5, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  guard actual.shape == expected.shape else {
    Issue.record("\(what): shape \(actual.shape), expected \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  let a = try actual.elements(as: Double.self)
  let b = try expected.elements(as: Double.self)
  guard let worst = worstDifference(a, b, relative: relative) else { return }
  Issue.record(
    """
    \(what): element \(position(worst.index, in: actual.shape)) is \(a[worst.index]), expected \(b[worst.index]), \
    off by \(worst.excess) times the tolerance \(relative); \(worst.count) of \(a.count) elements are off
    """, sourceLocation: sourceLocation)
}

/// The element furthest outside the tolerance, and how many are outside; nil where all are close.
public func worstDifference(
  _ a: [Double], _ b: [Double], relative: Double
) -> (index: Int, excess: Double, count: Int)? {
  let rms = (b.reduce(0) { $0 + $1 * $1 } / Double(max(b.count, 1))).squareRoot()
  var worst: (index: Int, excess: Double, count: Int)?
  for index in a.indices where a[index] != b[index] {
    let allowed = relative * (b[index].magnitude + rms)
    let difference = (a[index] - b[index]).magnitude
    // Written so that a difference that is not a number counts.
    if difference <= allowed { continue }
    let excess = difference.isNaN || allowed == 0 ? .infinity : difference / allowed
    if excess > worst?.excess ?? -1 {
      worst = (index, excess, (worst?.count ?? 0) + 1)
    } else {
      worst?.count += 1
    }
  }
  return worst
}

/// The indices of the element at `index` in row-major order.
private func position(_ index: Int, in shape: [Int]) -> [Int] {
  var rest = index
  var result: [Int] = []
  for side in shape.reversed() {
    result.insert(rest % side, at: 0)
    rest /= side
  }
  return result
}
