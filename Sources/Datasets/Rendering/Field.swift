import Randomness

/// A height or brightness for each pixel of a square, rows from the top.
struct Field {
  let size: Int
  var values: [Double]

  init(size: Int, filledWith value: Double = 0) {
    self.size = size
    values = Array(repeating: value, count: size * size)
  }

  subscript(x: Int, y: Int) -> Double {
    get { values[y * size + x] }
    set { values[y * size + x] = newValue }
  }

  /// Value at the nearest pixel inside.
  func clamped(_ x: Int, _ y: Int) -> Double {
    values[min(max(y, 0), size - 1) * size + min(max(x, 0), size - 1)]
  }

  /// Adds smooth noise: random values of variance 1 on a lattice of cells of `across` × `down` pixels, blended with
  /// smoothstep, times `strength`.
  mutating func addNoise(across: Double, down: Double, strength: Double, _ random: inout SeededGenerator) {
    let columns = Int(Double(size) / across) + 3
    let rows = Int(Double(size) / down) + 3
    let lattice = (0..<columns * rows).map { _ in random.normal() }
    let offset = (x: random.uniform(), y: random.uniform())
    func smooth(_ t: Double) -> Double { t * t * (3 - 2 * t) }
    for y in 0..<size {
      let v = Double(y) / down + offset.y
      let row = Int(v)
      let fy = smooth(v - Double(row))
      for x in 0..<size {
        let u = Double(x) / across + offset.x
        let column = Int(u)
        let fx = smooth(u - Double(column))
        let corner = row * columns + column
        let top = lattice[corner] * (1 - fx) + lattice[corner + 1] * fx
        let bottom = lattice[corner + columns] * (1 - fx) + lattice[corner + columns + 1] * fx
        values[y * size + x] += strength * (top * (1 - fy) + bottom * fy)
      }
    }
  }

  /// Weights 1 2 1 across and down: the optics of a camera.
  func blurred() -> Field {
    var across = self
    var result = self
    for y in 0..<size {
      for x in 0..<size { across[x, y] = (clamped(x - 1, y) + 2 * self[x, y] + clamped(x + 1, y)) / 4 }
    }
    for y in 0..<size {
      for x in 0..<size {
        result[x, y] = (across.clamped(x, y - 1) + 2 * across[x, y] + across.clamped(x, y + 1)) / 4
      }
    }
    return result
  }
}
