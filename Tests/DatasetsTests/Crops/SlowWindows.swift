/// The rules of `CentredWindows` once more, as plainly as they can be written: loops over pixels, a flood fill, and nothing of the
/// product's. Slow, and for comparison only.
struct SlowWindows {
  /// An image as lists of rows: grey values, and for each class where its pixels are.
  struct Scene {
    var name: String
    var grey: [[Int]]
    var classes: [String: [[Bool]]]

    var width: Int { grey[0].count }
    var height: Int { grey.count }
  }

  struct Spot: Hashable {
    var x: Int
    var y: Int
  }

  struct Island {
    var className: String
    var pixels: [Spot]

    var left: Int { pixels.map(\.x).min() ?? 0 }
    var right: Int { pixels.map(\.x).max() ?? 0 }
    var top: Int { pixels.map(\.y).min() ?? 0 }
    var bottom: Int { pixels.map(\.y).max() ?? 0 }
    var middleX: Double { Double(pixels.map(\.x).reduce(0, +)) / Double(pixels.count) }
    var middleY: Double { Double(pixels.map(\.y).reduce(0, +)) / Double(pixels.count) }
  }

  var width: Int
  var height: Int
  var tolerance: Double
  var margin: Int
  var dark: Double
  var corners: Bool  // Whether pixels hang together over corners, too.
  var dropsSeveralClasses: Bool

  /// Flood fill, from each pixel that no island has yet.
  func islands(of scene: Scene) -> [Island] {
    var found: [Island] = []
    for (name, pixels) in scene.classes {
      var visited = pixels.map { $0.map { _ in false } }
      for y in 0..<scene.height {
        for x in 0..<scene.width {
          if !pixels[y][x] || visited[y][x] { continue }
          var island = Island(className: name, pixels: [])
          var open = [Spot(x: x, y: y)]
          visited[y][x] = true
          while let spot = open.popLast() {
            island.pixels.append(spot)
            for dy in -1...1 {
              for dx in -1...1 {
                if !corners && dx != 0 && dy != 0 { continue }
                let next = Spot(x: spot.x + dx, y: spot.y + dy)
                if next.x < 0 || next.y < 0 || next.x >= scene.width || next.y >= scene.height { continue }
                if !pixels[next.y][next.x] || visited[next.y][next.x] { continue }
                visited[next.y][next.x] = true
                open.append(next)
              }
            }
          }
          found.append(island)
        }
      }
    }
    return found
  }

  /// Upper left corners of the windows of an image's defects.
  func windows(of scene: Scene) -> Set<Spot> {
    let shown = scene.classes.filter { $0.value.contains { $0.contains(true) } }
    if dropsSeveralClasses && shown.count > 1 { return [] }
    if scene.width < width || scene.height < height { return [] }
    let islands = islands(of: scene).map { island in
      (
        left: island.left, right: island.right, top: island.top, bottom: island.bottom, x: island.middleX,
        y: island.middleY
      )
    }
    var windows: Set<Spot> = []
    for own in islands {
      var spot = Spot(x: 0, y: 0)
      if width < scene.width {
        let left = own.x - Double(width / 2)
        if left < 0 || left + Double(width) > Double(scene.width) { continue }
        while Double(spot.x + 1) <= left { spot.x += 1 }
      }
      if height < scene.height {
        let top = own.y - Double(height / 2)
        if top < 0 || top + Double(height) > Double(scene.height) { continue }
        while Double(spot.y + 1) <= top { spot.y += 1 }
      }
      var isGood = true
      for other in islands {
        let isOutside =
          other.right < spot.x || other.left > spot.x + width - 1 || other.bottom < spot.y
          || other.top > spot.y + height - 1
        if isOutside { continue }
        if other.left < spot.x || other.right > spot.x + width - 1 { isGood = false }
        if other.top < spot.y || other.bottom > spot.y + height - 1 { isGood = false }
        if width < scene.width {
          if other.right - other.left > width - margin { isGood = false }
          if (other.x - own.x).magnitude >= tolerance { isGood = false }
        }
        if height < scene.height {
          if other.bottom - other.top > height - margin { isGood = false }
          if (other.y - own.y).magnitude >= tolerance { isGood = false }
        }
      }
      if isGood && isBright(scene, spot) { windows.insert(spot) }
    }
    return windows
  }

  func isBright(_ scene: Scene, _ spot: Spot) -> Bool {
    for x in spot.x..<spot.x + width {
      var sum = 0
      for y in spot.y..<spot.y + height { sum += scene.grey[y][x] }
      if Double(sum) / Double(height) < dark { return false }
    }
    return true
  }

  /// All places where a window is bright and shows no defect.
  func cleanPlaces(in scene: Scene) -> Set<Spot> {
    var places: Set<Spot> = []
    if scene.width < width || scene.height < height { return [] }
    for y in 0...scene.height - height {
      // Which columns may be shown by windows at this height.
      var isGood: [Bool] = []
      for x in 0..<scene.width {
        var sum = 0
        var isClean = true
        for row in y..<y + height {
          sum += scene.grey[row][x]
          for pixels in scene.classes.values where pixels[row][x] { isClean = false }
        }
        isGood.append(isClean && Double(sum) / Double(height) >= dark)
      }
      for x in 0...scene.width - width {
        var isPlace = true
        for column in x..<x + width where !isGood[column] { isPlace = false }
        if isPlace { places.insert(Spot(x: x, y: y)) }
      }
    }
    return places
  }
}
