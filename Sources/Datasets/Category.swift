/// One kind of defect.
public struct Category: Hashable, Codable, Sendable {
  /// From 1 on.
  public let id: Int
  public let name: String
  public var supercategory: String?

  public init(id: Int, name: String, supercategory: String? = "defect") {
    self.id = id
    self.name = name
    self.supercategory = supercategory
  }
}
