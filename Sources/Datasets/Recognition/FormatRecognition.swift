import Files
import Foundation

/// Finds out in which format a folder lies, from names and the beginnings of files.
public struct FormatRecognition: Sendable {
  /// A format that the folder could be of.
  public struct Candidate: Sendable {
    public let importer: any Importer
    /// What speaks for it.
    public let sign: String
    /// Options that choose the same by hand, such as `--class-from prefix`.
    public let options: String

    init(_ importer: any Importer, _ sign: String, options: String = "") {
      self.importer = importer
      self.sign = sign
      self.options = options
    }

    public var format: String { type(of: importer).format }

    /// What to type for it.
    func command(_ source: URL) -> String {
      "patina import \(format) \(source.relativePath) --to DATASET" + (options.isEmpty ? "" : " \(options)")
    }
  }

  public let source: URL
  /// All that it could be, in a fixed order.
  public let candidates: [Candidate]
  private let contents: String

  /// - Throws: `InputError` when nothing stands there, or masks are of a kind that must be named.
  public init(of source: URL, clean: String? = nil, threads: Int = 2) throws {
    self.source = source
    let survey = try SourceSurvey(of: source, clean: clean, threads: threads)
    contents = survey.contents
    let certain = survey.certain
    candidates = certain.isEmpty && survey.file == nil ? try survey.layouts : certain
  }

  /// The one format that it is.
  ///
  /// - Throws: `InputError` that says what it could be, and what to type.
  public func only() throws -> Candidate {
    guard let first = candidates.first else {
      throw InputError(
        at: source.path, expected: "a data set of a known format", found: contents,
        remedy: "`patina import --help` lists the formats; for a folder of images without labels, put each class into a "
          + "folder of its own")
    }
    guard candidates.count == 1 else {
      throw InputError(
        at: source.path, expected: "a data set of one format",
        found: "signs of \(candidates.count): "
          + candidates.map { "\($0.format) (\($0.sign))" }.joined(separator: ", "),
        remedy: "Choose: " + candidates.map { $0.command(source) }.joined(separator: "; or "))
    }
    return first
  }
}
