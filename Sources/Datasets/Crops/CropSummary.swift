/// What a crop brought, for people and programs.
public struct CropSummary: Codable, Equatable, Sendable {
  public let windows: Int
  /// Windows by class.
  public let classes: [String: Int]
  public let report: CropReport
  /// Whether the windows stood there already, cut by the same numbers from the same images.
  public let wasDone: Bool

  init(of set: Dataset, report: CropReport, wasDone: Bool) {
    windows = set.images.count
    classes = Dictionary(grouping: set.images) { set.className(of: $0) }.mapValues(\.count)
    self.report = report
    self.wasDone = wasDone
  }
}
