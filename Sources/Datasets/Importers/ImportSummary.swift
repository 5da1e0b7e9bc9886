/// What an import brought, for people and programs.
public struct ImportSummary: Codable, Equatable, Sendable {
  public let format: String
  public let images: Int
  public let groups: Int
  /// Images by class, the clean class included.
  public let classes: [String: Int]
  /// Images by split, where the source was split already.
  public let splits: [String: Int]
  /// Files left out.
  public let problems: [ImportProblem]
  public let notes: [String]
  /// File names of images with one and the same file.
  public let duplicates: [[String]]
  /// File names of images that show the same as another, turned or mirrored or in another file.
  public let lookalikes: [[String]]
}
