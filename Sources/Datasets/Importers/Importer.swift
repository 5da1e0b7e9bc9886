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

  public init(cleanName: String, categories: [String], items: [ImportItem]) {
    self.cleanName = cleanName
    self.categories = categories
    self.items = items
  }
}

/// One image to be imported. Paths run from the source folder.
public struct ImportItem: Sendable, Equatable {
  public enum Label: Sendable, Equatable {
    /// No defect; a mask, if there is one, must be empty.
    case clean(mask: String?)
    /// The whole image is of a category.
    case whole(String)
    /// A mask shows where; an empty one makes the image clean, or leaves the label to the whole image.
    case masked(String, mask: String, emptyIsClean: Bool)
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
