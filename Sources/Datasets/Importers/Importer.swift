import Files
import Foundation

/// Knows how one kind of public or home-made data set lies on disk; decoding, checking and writing is `ImportRun`'s work.
public protocol Importer: Sendable {
  /// The word for it on the command line.
  static var format: String { get }
  /// One line of help.
  static var summary: String { get }

  /// Lists what is there, without opening images.
  ///
  /// - Throws: `InputError` when the folder is not of this kind at all.
  func contents(of source: URL) throws -> ImportContents
}

/// What an importer found in a folder.
public struct ImportContents: Sendable {
  public var cleanName: String
  /// Names of defects, in the order of their ids.
  public var categories: [String]
  public var items: [ImportItem]
  /// What the user should know of this data, one line each.
  public var notes: [String] = []
  /// What could not even be listed.
  public var problems: [ImportProblem] = []
  /// Reads an image's own file of labels (`ImportItem.Label.labelFile`); called on several threads. The text is what errors
  /// call the file.
  public var readLabels: @Sendable (Data, String) throws -> ImportLabels = { _, _ in ImportLabels(marks: []) }

  public init(cleanName: String, categories: [String], items: [ImportItem]) {
    self.cleanName = cleanName
    self.categories = categories
    self.items = items
  }

  /// - Parameter clean: the clean class as the user named it; otherwise it is called Clean, or so that it differs from all
  ///   categories.
  init(clean: String?, categories: [String], items: [ImportItem]) {
    self.init(
      cleanName: clean ?? (categories.contains("Clean") ? "(clean)" : "Clean"), categories: categories, items: items)
  }
}

/// One image to be imported. Paths run from the source folder.
public struct ImportItem: Sendable, Equatable {
  public enum Label: Sendable, Equatable {
    /// No defect; a mask, if there is one, must be empty.
    case clean(mask: String?, above: UInt8 = 127)
    /// The whole image is of a category.
    case whole(String)
    /// A mask shows where, by its values `above` a threshold; an empty one makes the image clean, or leaves the label to the
    /// whole image.
    case masked(String, mask: String, above: UInt8 = 127, emptyIsClean: Bool)
    /// The importer knows all labels already.
    case labels(ImportLabels)
    /// They stand in a file, for `ImportContents.readLabels`.
    case labelFile(String)
  }

  public let path: String
  /// Its name in the data set.
  public let fileName: String
  public let label: Label
  /// nil: images that show the same (turned or mirrored, too) form a group.
  public var group: String?
  public var split: Split?

  public init(path: String, fileName: String, label: Label, group: String? = nil, split: Split? = nil) {
    self.path = path
    self.fileName = fileName
    self.label = label
    self.group = group
    self.split = split
  }
}

/// A file that was left out, and why.
public struct ImportProblem: Codable, Sendable, Equatable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}
