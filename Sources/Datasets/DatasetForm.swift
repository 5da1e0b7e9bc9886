import Files
import Foundation
import Images

/// The files of a data set as they stand on disk: names, keys and the checks of single values.
enum DatasetForm {
  static let images = "images"
  static let depth = "depth"
  static let annotations = "annotations.json"
  static let splits = "splits.json"
  static let provenance = "provenance.json"
  static let version = 1

  struct Annotations: Codable {
    struct Info: Codable {
      var description: String
      var version: String
      var cleanName: String
      enum CodingKeys: String, CodingKey {
        case description, version
        case cleanName = "clean_name"
      }
    }
    struct Picture: Codable {
      var id: Int
      var fileName: String
      var width: Int
      var height: Int
      enum CodingKeys: String, CodingKey {
        case id, width, height
        case fileName = "file_name"
      }
    }
    struct Mark: Codable {
      var id: Int
      var imageID: Int
      var categoryID: Int
      var bbox: [Double]
      var area: Double
      var iscrowd: Int
      var segmentation: RunLengthCode?
      enum CodingKeys: String, CodingKey {
        case id, bbox, area, iscrowd, segmentation
        case imageID = "image_id"
        case categoryID = "category_id"
      }
    }
    var info: Info
    var categories: [Category]
    var images: [Picture]
    var annotations: [Mark]

    enum CodingKeys: String, CodingKey { case info, categories, images, annotations }
  }

  struct Splits: Codable {
    var version: Int
    /// How the split was made, for the reader.
    var method: String?
    var seed: UInt64?
    var fractions: [Split: Double]?
    /// File names by split.
    var splits: [Split: [String]]
    /// The groups of images, by file name, that were joined for the split; others have that of their provenance.
    var groups: [String: String]?
    /// The same by contents.
    var frozen: FrozenSplit?

    enum CodingKeys: String, CodingKey { case version, method, seed, fractions, splits, groups, frozen }
  }

  struct Origins: Codable {
    var version: Int
    /// By file name.
    var images: [String: Provenance]

    enum CodingKeys: String, CodingKey { case version, images }
  }

  /// Why a path may not be used within a data set; nil when it may: relative, and it never climbs out.
  static func problem(inPath path: String) -> String? {
    if path.isEmpty { return "an empty path" }
    if path.utf8.count > 1024 { return "a path of \(path.utf8.count) bytes" }
    if path.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
      return "a path with control characters"
    }
    if path.contains("\\") { return "a path with a backslash" }
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      if part.isEmpty || part == "." || part == ".." { return "a path that is absolute or climbs: '\(path)'" }
    }
    return nil
  }

  /// Why a name of a class may not be used; nil when it may.
  static func problem(inName name: String) -> String? {
    if name.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty { return "an empty name" }
    if name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
      return "a name with control characters"
    }
    return nil
  }
}
