/// How often each true class was called each class, over a whole data set.
public struct ConfusionMatrix: Equatable, Sendable {
  /// `counts[true class][called class]`.
  public private(set) var counts: [[Int]]

  public init(classes: Int) {
    precondition(classes > 0, "a confusion matrix needs a class")
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// Calls each item the class of its highest score; of equal scores the first class wins.
  public init(scores: [[Double]], truths: [Int], classes: Int) {
    precondition(scores.count == truths.count, "\(scores.count) items need as many truths, got \(truths.count)")
    self.init(classes: classes)
    for (row, truth) in zip(scores, truths) {
      precondition(row.count == classes, "each item needs \(classes) scores, got \(row.count)")
      var called = 0
      for index in row.indices where row[index] > row[called] { called = index }
      add(truth: truth, called: called)
    }
  }

  public mutating func add(truth: Int, called: Int) {
    counts[truth][called] += 1
  }

  /// Share of items called what they are; nil for an empty matrix.
  public var accuracy: Double? {
    let total = counts.joined().reduce(0, +)
    return total == 0 ? nil : Double(counts.indices.map { counts[$0][$0] }.reduce(0, +)) / Double(total)
  }

  /// Share of a class's items that were called it; nil where the class has none.
  public func recall(of index: Int) -> Double? {
    let total = counts[index].reduce(0, +)
    return total == 0 ? nil : Double(counts[index][index]) / Double(total)
  }

  /// Share of the items called a class that are of it; nil where nothing was called it.
  public func precision(of index: Int) -> Double? {
    let total = counts.reduce(0) { $0 + $1[index] }
    return total == 0 ? nil : Double(counts[index][index]) / Double(total)
  }
}
