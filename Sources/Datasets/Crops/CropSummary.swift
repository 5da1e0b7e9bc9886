/// What a crop brought, for people and programs.
public struct CropSummary: Codable, Equatable, Sendable {
  public let windows: Int
  /// Windows by class.
  public let classes: [String: Int]
  public let report: CropReport
  /// Whether the windows stood there already, cut by the same numbers from the same images.
  public let wasDone: Bool

  /// Windows by category; nil is the clean class.
  typealias Counts = [Int?: Int]

  static func count(_ counts: inout Counts, _ window: DatasetImage) {
    counts[window.largestCategory, default: 0] += 1
  }

  init(of head: DatasetHead, _ counts: Counts, report: CropReport, wasDone: Bool) {
    windows = counts.values.reduce(0, +)
    classes = Dictionary(counts.map { (head.className($0.key), $0.value) }, uniquingKeysWith: +)
    self.report = report
    self.wasDone = wasDone
  }
}
