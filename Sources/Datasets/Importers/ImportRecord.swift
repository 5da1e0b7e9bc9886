import Files
import Foundation

/// From what a data set was imported, kept beside it (`import.json`), so that the same import need not be done again.
struct ImportRecord {
  private struct Form: Codable {
    var version: Int
    /// SHA-256 over the importer with its options, and path, size and time of each file.
    var source: String
    var summary: ImportSummary
  }

  private static let file = "import.json"
  private static let version = 1
  private let source: String

  /// Looks at the sizes and times of all files below `folder`, without opening them.
  init(importer: String, folder: SourceFolder, source: URL) throws {
    var text = "\(Self.version)\n\(importer)\n\(source.standardizedFileURL.path)\n"
    for file in try folder.filesWithTimes() { text += file + "\n" }
    self.source = ContentHash.sha256(Data(text.utf8))
  }

  /// The summary of the data set at `destination`, if it is what this import would make.
  func summary(at destination: URL) -> ImportSummary? {
    guard let form = try? JSONFile.read(Form.self, from: destination.appendingPathComponent(Self.file)),
      form.version == Self.version, form.source == source,
      let (_, images) = try? DatasetReader(folder: destination).reduce(into: 0, { count, _ in count += 1 }),
      images == form.summary.images
    else { return nil }
    var summary = form.summary
    summary.isUpToDate = true
    return summary
  }

  /// Written last: without it the data set is whole, and only not known to be so.
  func write(_ summary: ImportSummary, to destination: URL) throws {
    try WriteError.explaining(destination.path) {
      try JSONFile.write(
        Form(version: Self.version, source: source, summary: summary), to: destination.appendingPathComponent(Self.file)
      )
    }
  }
}
