import Metrics
import Runs

/// Where small defects end, and middle-sized ones: a third of a study's test defects each.
struct DefectSizes: Equatable {
  /// In pixels, of the largest in each.
  var small = 0
  var middle = 0

  /// - Parameter areas: of the defects of one class.
  init(_ areas: [Int]) {
    guard !areas.isEmpty else { return }
    let sorted = areas.sorted()
    small = sorted[(sorted.count - 1) / 3]
    middle = sorted[(sorted.count - 1) * 2 / 3]
  }

  /// Of any defect and of each class; without defects, or pixels, nothing is small.
  static func all(of predictions: [Prediction], classes: Int) -> [DefectSizes] {
    (0..<classes).map { label in
      DefectSizes(predictions.flatMap { $0.pixels?[label].defects.map(\.area) ?? [] })
    }
  }

  /// 0 small, 1 middle-sized, 2 large.
  func index(_ area: Int) -> Int { area <= small ? 0 : area <= middle ? 1 : 2 }
}

/// The pixels of one class in every image of a set, a column for each count, so that a weighted set is a few sums.
struct PixelTable {
  private let columns: [[Double]]

  private enum Column: Int, CaseIterable {
    case truth, called, both, outline, outlineMatched, calledOutline, calledOutlineMatched
    case small, middle, large, smallFound, middleFound, largeFound
  }

  init(_ images: [ClassPixels], sizes: DefectSizes) {
    let rows = images.map { one -> [Int] in
      var count = [0, 0, 0], found = [0, 0, 0]
      for defect in one.defects {
        count[sizes.index(defect.area)] += 1
        if defect.isFound { found[sizes.index(defect.area)] += 1 }
      }
      return [
        one.truth, one.called, one.both, one.outline, one.outlineMatched, one.calledOutline, one.calledOutlineMatched,
      ] + count + found
    }
    columns = Column.allCases.map { column in rows.map { Double($0[column.rawValue]) } }
  }

  /// - Parameter weights: of each image; nil for 1.
  func sums(_ weights: [Double]?) -> Sums {
    Sums(
      values: columns.map { column in
        guard let weights else { return column.reduce(0, +) }
        var sum = 0.0
        for index in column.indices { sum += column[index] * weights[index] }
        return sum
      })
  }

  struct Sums {
    fileprivate let values: [Double]
    private subscript(column: Column) -> Double { values[column.rawValue] }

    /// nil without a pixel, or a defect, of the class.
    subscript(figure: StudyFigure) -> Double? {
      guard self[.truth] > 0 else { return nil }
      let (truth, called, both) = (self[.truth], self[.called], self[.both])
      switch figure {
      case .dice: return 2 * both / (truth + called)
      case .intersectionOverUnion: return both / (truth + called - both)
      case .boundaryF1:
        return BoundaryCounts.f1(
          truth: self[.outline], self[.outlineMatched], called: self[.calledOutline], self[.calledOutlineMatched])
      case .defectRecall:
        return share(
          self[.smallFound] + self[.middleFound] + self[.largeFound], self[.small] + self[.middle] + self[.large])
      case .smallDefectRecall: return share(self[.smallFound], self[.small])
      case .middleDefectRecall: return share(self[.middleFound], self[.middle])
      case .largeDefectRecall: return share(self[.largeFound], self[.large])
      default: return nil
      }
    }

    private func share(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }
  }
}
