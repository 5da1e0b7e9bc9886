import Images

/// One connected part of a mask: a defect by itself.
struct DefectInstance: Equatable, Sendable {
  let categoryID: Int
  /// The smallest box around its pixels.
  let box: PixelBox
  /// Number of pixels.
  let area: Int
  /// Mean of the columns and of the rows of its pixels, from 0 on.
  let centre: (x: Double, y: Double)

  static func == (one: DefectInstance, other: DefectInstance) -> Bool {
    one.categoryID == other.categoryID && one.box == other.box && one.area == other.area && one.centre == other.centre
  }

  /// The instances of an image, a category at a time, from the left and the top.
  ///
  /// Works on the runs of the code and never unfolds the mask, so its cost is that of the outline and not of the area.
  /// - Parameter annotations: those without segmentation give none.
  static func instances(of annotations: [Annotation], connectivity: CentredWindows.Connectivity) -> [DefectInstance] {
    Dictionary(grouping: annotations, by: \.categoryID).sorted { $0.key < $1.key }.flatMap { category, own in
      instances(of: own.compactMap(\.segmentation), category: category, connectivity: connectivity)
    }
  }

  private static func instances(
    of codes: [RunLengthCode], category: Int, connectivity: CentredWindows.Connectivity
  ) -> [DefectInstance] {
    let runs = runs(of: codes)
    var sets = DisjointSets(count: runs.count)
    let reach = connectivity == .eight ? 1 : 0
    var before = 0  // The first run of the column before that may still touch.
    for (index, run) in runs.enumerated() {
      while before < index, (runs[before].x, runs[before].end + reach) <= (run.x - 1, run.start) { before += 1 }
      var other = before
      while other < index, runs[other].x == run.x - 1, runs[other].start < run.end + reach {
        sets.unite(other, index)
        other += 1
      }
    }
    var parts: [Int: Part] = [:]
    for (index, run) in runs.enumerated() { parts[sets.root(of: index), default: Part()].add(run) }
    return parts.sorted { $0.key < $1.key }.map { $0.value.instance(of: category) }
  }

  /// Pixels of one column next to each other: rows `start ..< end`.
  private struct Run {
    let x: Int
    let start: Int
    var end: Int
  }

  /// The runs of all codes by column and row; where codes overlap or touch, one.
  private static func runs(of codes: [RunLengthCode]) -> [Run] {
    var runs: [Run] = []
    for code in codes {
      var position = 0
      for (index, count) in code.counts.enumerated() {
        var start = position
        position += count
        while index % 2 == 1, start < position {
          // A run of the code may go on in the next column.
          let end = min(position, (start / code.height + 1) * code.height)
          let top = start / code.height * code.height
          runs.append(Run(x: start / code.height, start: start - top, end: end - top))
          start = end
        }
      }
    }
    runs.sort { ($0.x, $0.start) < ($1.x, $1.start) }
    var united: [Run] = []
    for run in runs {
      if let last = united.last, last.x == run.x, run.start <= last.end {
        united[united.count - 1].end = max(last.end, run.end)
      } else {
        united.append(run)
      }
    }
    return united
  }

  /// An instance while its runs are gathered.
  private struct Part {
    private var left = Int.max
    private var right = -1
    private var top = Int.max
    private var bottom = -1
    private var area = 0
    private var columns = 0
    private var rows = 0

    mutating func add(_ run: Run) {
      let count = run.end - run.start
      left = min(left, run.x)
      right = max(right, run.x)
      top = min(top, run.start)
      bottom = max(bottom, run.end - 1)
      area += count
      // An image has at most 100 million pixels, so that these sums stay far below the largest number.
      columns += run.x * count
      rows += (run.start + run.end - 1) * count / 2
    }

    func instance(of category: Int) -> DefectInstance {
      DefectInstance(
        categoryID: category, box: PixelBox(x: left, y: top, width: right - left + 1, height: bottom - top + 1),
        area: area, centre: (Double(columns) / Double(area), Double(rows) / Double(area)))
    }
  }
}
