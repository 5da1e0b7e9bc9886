import Images
import Randomness

/// All places in an image where a window shows no defect and no dark column, as a few rectangles of places.
struct CleanPlaces: Sendable {
  /// Upper left corners `x ..< x + across`, `y ..< y + down`.
  private struct Block {
    let x: Int
    let y: Int
    let across: Int
    var down: Int
    /// Places in the blocks before it.
    let before: Int
  }

  private var blocks: [Block] = []
  private let width: Int
  private let height: Int
  /// Number of places.
  private(set) var count = 0

  /// - Parameters:
  ///   - width: the window's, at most the image's; so is `height`.
  ///   - mask: where the window may not be; nil for a clean image.
  ///   - pixels: nil where any brightness will do.
  ///   - darkLevel: the least mean of a column.
  init(
    imageWidth: Int, imageHeight: Int, width: Int, height: Int, mask: Mask?, pixels: Image?, darkLevel: Double
  ) throws {
    self.width = width
    self.height = height
    let brightness = try pixels.map { try WindowBrightness(of: $0) }
    // Of each column, over the window's rows: the sum of grey values, and the pixels of defects.
    var sums = brightness?.columnSums(from: 0, height: height) ?? []
    var covered = [Int](repeating: 0, count: mask == nil ? 0 : imageWidth)
    if let mask {
      for row in 0..<height { for x in 0..<imageWidth { covered[x] += Int(mask.bits[row * imageWidth + x]) } }
    }
    var row: [(x: Int, across: Int)] = []  // The stretches of the row before, which began at block `first`.
    var first = 0
    for y in 0...imageHeight - height {
      if y > 0 {
        brightness?.move(&sums, down: y - 1, height: height)
        if let mask {
          for x in 0..<imageWidth {
            covered[x] += Int(mask.bits[(y + height - 1) * imageWidth + x]) - Int(mask.bits[(y - 1) * imageWidth + x])
          }
        }
      }
      let stretches = Self.stretches(imageWidth, width) { x in
        (covered.isEmpty || covered[x] == 0) && (sums.isEmpty || Double(sums[x]) >= darkLevel * Double(height))
      }
      if y > 0, stretches.elementsEqual(row, by: ==) {
        for index in first..<blocks.count { blocks[index].down += 1 }
        for stretch in stretches { count += stretch.across }
      } else {
        first = blocks.count
        row = stretches
        for stretch in stretches {
          blocks.append(Block(x: stretch.x, y: y, across: stretch.across, down: 1, before: 0))
          count += stretch.across
        }
      }
    }
    var before = 0
    blocks = blocks.map { block in
      defer { before += block.across * block.down }
      return Block(x: block.x, y: block.y, across: block.across, down: block.down, before: before)
    }
  }

  /// Where windows may begin in a row, given which columns they may show.
  private static func stretches(
    _ imageWidth: Int, _ width: Int, _ isGood: (Int) -> Bool
  ) -> [(x: Int, across: Int)] {
    var found: [(x: Int, across: Int)] = []
    var start = 0
    for x in 0...imageWidth where x == imageWidth || !isGood(x) {
      if x - start >= width { found.append((start, x - start - width + 1)) }
      start = x + 1
    }
    return found
  }

  /// A place by its number, a block at a time.
  subscript(number: Int) -> PixelBox {
    precondition(number >= 0 && number < count, "place \(number) of \(count)")
    var (low, high) = (0, blocks.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if blocks[middle].before <= number { low = middle } else { high = middle }
    }
    let block = blocks[low]
    let rest = number - block.before
    return PixelBox(
      x: block.x + rest % block.across, y: block.y + rest / block.across, width: width, height: height)
  }

  /// So many different windows, each set of them as likely as any other (Floyd's sampling), by their places.
  ///
  /// - Precondition: no more than there are.
  func draw(_ number: Int, _ random: inout SeededGenerator) -> [PixelBox] {
    precondition(number <= count, "\(number) of \(count) places")
    var drawn: Set<Int> = []
    for last in count - number..<count {
      let choice = random.int(below: last + 1)
      if !drawn.insert(choice).inserted { drawn.insert(last) }
    }
    return drawn.sorted().map { self[$0] }
  }
}
