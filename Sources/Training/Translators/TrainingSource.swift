/// Where the images of a translator's two domains come from.
public enum TrainingSource: Codable, Equatable, Sendable {
  /// The training split of two classes of a data set.
  case dataset(path: String, clean: String, defect: String)
  /// The training split of a data set whose defects have masks: images with defects of some classes, to be told apart.
  case classes(path: String, clean: String, defects: [String])
  /// Two folders of images; A is clean.
  case folders(a: String, b: String)

  /// The class without defects.
  public var cleanName: String {
    switch self {
    case .dataset(_, let clean, _), .classes(_, let clean, _): clean
    case .folders: "A"
    }
  }

  /// The classes with defects.
  public var defectNames: [String] {
    switch self {
    case .dataset(_, _, let defect): [defect]
    case .classes(_, _, let defects): defects
    case .folders: ["B"]
    }
  }
}
