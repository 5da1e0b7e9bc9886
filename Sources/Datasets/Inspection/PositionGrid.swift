import Images
import Runs

/// Where defects lie: every image laid over one grid, one grid for each category.
///
/// Sums are whole numbers, so the result does not depend on the order in which threads add to it.
struct PositionGrid: Sendable {
  static let side = 16
  /// One cell that is covered whole.
  private static let whole = 1 << 16

  private var sums: [Int: [Int]] = [:]
  private var images: [Int: Int] = [:]

  /// Adds an image's defects; labels of the whole image have no place and count for nothing.
  mutating func add(_ other: [Int: [Int]]) {
    for (category, cells) in other {
      images[category, default: 0] += 1
      var sum = sums[category] ?? [Int](repeating: 0, count: cells.count)
      for index in cells.indices { sum[index] += cells[index] }
      sums[category] = sum
    }
  }

  /// The cells that an image's defects cover, by category, in 65536ths of a cell.
  static func cells(of image: DatasetImage) -> [Int: [Int]] {
    var covered: [Int: [Double]] = [:]
    let (width, height) = (Double(image.width), Double(image.height))
    let cell = (width: width / Double(side), height: height / Double(side))
    for annotation in image.annotations {
      var cells = covered[annotation.categoryID] ?? [Double](repeating: 0, count: side * side)
      if let code = annotation.segmentation {
        var start = 0
        for (index, run) in code.counts.enumerated() {
          defer { start += run }
          guard index % 2 == 1, run > 0 else { continue }
          var place = start
          while place < start + run {
            let (x, y) = (place / code.height, place % code.height)
            let count = min(start + run - place, code.height - y)
            add(
              (Double(x), Double(y), Double(x + 1), Double(y + count)), in: cell, to: &cells)
            place += count
          }
        }
      } else if !annotation.isOfWholeImage(image.width, image.height) {
        let box = annotation.box
        guard [box.x, box.y, box.width, box.height].allSatisfy(\.isFinite) else { continue }
        add((box.x, box.y, box.x + box.width, box.y + box.height), in: cell, to: &cells)
      } else {
        continue
      }
      covered[annotation.categoryID] = cells
    }
    let area = cell.width * cell.height
    return covered.mapValues { $0.map { Int((min(1, $0 / area) * Double(whole)).rounded()) } }
  }

  /// Adds the area in pixels that a rectangle has in common with each cell.
  private static func add(
    _ area: (left: Double, top: Double, right: Double, bottom: Double), in cell: (width: Double, height: Double),
    to cells: inout [Double]
  ) {
    func range(_ low: Double, _ high: Double, _ size: Double) -> ClosedRange<Int> {
      let first = min(max(low / size, 0), Double(side - 1)), last = min(max(high / size, 0), Double(side - 1))
      return Int(first)...max(Int(first), Int(last))
    }
    for row in range(area.top, area.bottom, cell.height) {
      let high = min(area.bottom, Double(row + 1) * cell.height) - max(area.top, Double(row) * cell.height)
      guard high > 0 else { continue }
      for column in range(area.left, area.right, cell.width) {
        let wide = min(area.right, Double(column + 1) * cell.width) - max(area.left, Double(column) * cell.width)
        if wide > 0 { cells[row * side + column] += wide * high }
      }
    }
  }

  /// The finished maps, in the order of the categories.
  func maps(_ categories: [Category]) -> [InspectionRecord.PositionMap] {
    categories.compactMap { category in
      guard let sums = sums[category.id], let count = images[category.id], count > 0 else { return nil }
      return InspectionRecord.PositionMap(
        className: category.name, images: count, columns: Self.side, rows: Self.side,
        shares: sums.map { Double($0) / Double(count * Self.whole) })
    }
  }
}
