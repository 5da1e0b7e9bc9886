import Files
import Foundation

/// Knows how a data set is laid out in one format; reading, checking and writing files is `ExportRun`'s work.
public protocol Exporter: Sendable {
  /// The word for it on the command line.
  static var format: String { get }
  /// One line of help.
  static var summary: String { get }

  /// - Throws: `InputError` for a data set of which the format can hold nothing.
  func plan(for set: Dataset) throws -> ExportPlan
}

/// What goes where. Paths run from the new folder.
public struct ExportPlan: Sendable {
  /// A file that is not an image's own.
  public struct Table: Sendable {
    let path: String
    let data: Data
  }

  /// Where each image goes; images without a place are left out.
  var places: [(image: DatasetImage, path: String)] = []
  /// An image's own file of labels; called on several threads with the image and its path.
  var labelFile: @Sendable (DatasetImage, String) throws -> Table? = { _, _ in nil }
  var tables: [Table] = []
  /// Why images were left out, and which.
  var leftOut: [String: [String]] = [:]
  /// What the format cannot hold, in few words each.
  var lost: [String] = []

  init() {}

  /// Counts something that is lost, if there is any.
  mutating func lose(_ count: Int, _ what: String) {
    if count > 0 { lost.append("\(count) \(what)") }
  }

  mutating func leaveOut(_ image: DatasetImage, _ reason: String) { leftOut[reason, default: []].append(image.fileName) }
}

/// What an export brought, for people and programs.
public struct ExportSummary: Codable, Equatable, Sendable {
  public let format: String
  public let images: Int
  public let annotations: Int
  /// Names of images that were left out, by reason.
  public let leftOut: [String: [String]]
  /// What of the data set the format cannot hold.
  public let lost: [String]

  /// The one warning; nil where nothing is lost.
  public var warning: String? {
    let left = leftOut.sorted { $0.key < $1.key }.map { reason, names in
      "\(names.count) images (\(reason): \(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? ", …" : ""))"
    }
    let all = left + lost
    return all.isEmpty ? nil : "\(format) cannot hold, and so the export lacks: " + all.joined(separator: "; ")
  }
}
