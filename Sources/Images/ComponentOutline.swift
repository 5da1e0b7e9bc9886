extension MaskComponents.Component {
  /// One closed outline along the edges of the pixels, which gives back exactly these pixels
  /// (`RunLengthCode(width:height:outlines:)`): corners of whole numbers, clockwise around the outside.
  ///
  /// A hole is reached by a cut of no width that runs to the left within the component, so that formats of one outline for
  /// each object can hold it.
  ///
  /// - Parameter width: of the mask.
  public func outline(maskWidth width: Int) -> [RunLengthCode.Corner] {
    OutlineTracer(of: self, maskWidth: width).outline
  }
}

/// Walks around a component with its pixels on the right, edge by edge.
private struct OutlineTracer {
  /// East, south, west, north: turning right is one on.
  private static let steps = [(x: 1, y: 0), (x: 0, y: 1), (x: -1, y: 0), (x: 0, y: -1)]

  private let component: MaskComponents.Component
  /// Corners in a row of the component's box.
  private let pitch: Int
  /// Whether pixels of the box are set, with a border of one all around.
  private var isSet: [Bool]

  init(of component: MaskComponents.Component, maskWidth: Int) {
    self.component = component
    pitch = component.box.width + 2
    isSet = Array(repeating: false, count: pitch * (component.box.height + 2))
    for pixel in component.pixels {
      let (x, y) = (pixel % maskWidth - component.box.x, pixel / maskWidth - component.box.y)
      isSet[(y + 1) * pitch + x + 1] = true
    }
  }

  /// Of a pixel of the box.
  private func has(_ x: Int, _ y: Int) -> Bool { isSet[(y + 1) * pitch + x + 1] }

  var outline: [RunLengthCode.Corner] {
    let rings = rings()
    // Where rings are joined: by corner, the rings that are reached from there.
    var children: [Int: [Int]] = [:]
    var roots: [Int] = []
    for (number, ring) in rings.enumerated() {
      guard let start = ring.first else { continue }
      let (column, y) = (start % pitch, start / pitch)
      var x = column
      while x > 0, has(x - 1, y) { x -= 1 }
      if x == column { roots.append(number) } else { children[y * pitch + x, default: []].append(number) }
    }
    return simplified(joined(rings, roots: roots, children: children))
  }

  /// Closed walks of corners `y × pitch + x`, each from its leftmost corner, the upper one of several. The last step leads
  /// back to the first corner.
  private func rings() -> [[Int]] {
    var edges = [UInt8](repeating: 0, count: isSet.count)  // A bit for each direction in which an edge leaves a corner.
    for y in 0..<component.box.height {
      for x in 0..<component.box.width where has(x, y) {
        if !has(x, y - 1) { edges[y * pitch + x] |= 1 }
        if !has(x + 1, y) { edges[y * pitch + x + 1] |= 2 }
        if !has(x, y + 1) { edges[(y + 1) * pitch + x + 1] |= 4 }
        if !has(x - 1, y) { edges[(y + 1) * pitch + x] |= 8 }
      }
    }
    var result: [[Int]] = []
    for x in 0...component.box.width {
      for y in 0...component.box.height where edges[y * pitch + x] != 0 {
        result.append(walk(from: y * pitch + x, &edges))
      }
    }
    return result
  }

  private func walk(from start: Int, _ edges: inout [UInt8]) -> [Int] {
    var ring: [Int] = []
    var corner = start
    var direction = 0
    repeat {
      ring.append(corner)
      // To the left first: where two pixels meet at a corner alone, the walk goes over to the other.
      guard let next = [3, 0, 1, 2].map({ (direction + $0) % 4 }).first(where: { edges[corner] & 1 << $0 != 0 })
      else { break }
      edges[corner] &= ~(1 << next)
      direction = next
      corner += Self.steps[next].y * pitch + Self.steps[next].x
    } while corner != start || edges[start] & 1 << ((direction + 3) % 4) != 0
    return ring
  }

  /// One walk over all rings: each is entered from a corner of the ring to its left, and left the same way.
  private func joined(_ rings: [[Int]], roots: [Int], children: [Int: [Int]]) -> [Int] {
    var children = children
    var walk: [Int] = []
    var open: [(ring: Int, next: Int, entry: Int?)] = roots.reversed().map { ($0, 0, nil) }
    while let (ring, next, entry) = open.popLast() {
      let corners = rings[ring]
      guard next < corners.count else {
        walk.append(corners[0])
        if let entry { walk.append(entry) }
        continue
      }
      let corner = corners[next]
      walk.append(corner)
      open.append((ring, next + 1, entry))
      for child in children.removeValue(forKey: corner) ?? [] { open.append((child, 0, corner)) }
    }
    return walk
  }

  /// Without repeated corners, and those in the middle of a straight line.
  private func simplified(_ walk: [Int]) -> [RunLengthCode.Corner] {
    var result: [(x: Int, y: Int)] = []
    for place in walk {
      let corner = (x: place % pitch, y: place / pitch)
      if let last = result.last, last == corner { continue }
      if result.count > 1, isStraight(result[result.count - 2], result[result.count - 1], corner) {
        result.removeLast()
      }
      result.append(corner)
    }
    if result.count > 1, result[0] == result[result.count - 1] { result.removeLast() }
    return result.map {
      RunLengthCode.Corner(x: Double($0.x + component.box.x), y: Double($0.y + component.box.y))
    }
  }

  /// Whether the walk goes on in the same direction, not back.
  private func isStraight(_ one: (x: Int, y: Int), _ two: (x: Int, y: Int), _ three: (x: Int, y: Int)) -> Bool {
    let (first, second) = ((two.x - one.x, two.y - one.y), (three.x - two.x, three.y - two.y))
    return first.0 * second.1 == first.1 * second.0 && first.0 * second.0 + first.1 * second.1 > 0
  }
}
