import Files
import Foundation
import Images

/// Takes what an importer listed: decodes and checks every file, and writes the data set.
///
/// A bad file never ends an import; it is left out and named. The result does not depend on the number of threads.
public struct ImportRun: Sendable {
  /// A folder, or a file of labels in one.
  public let source: URL
  public let destination: URL
  /// Whether any bad file means that nothing is written.
  public var isStrict: Bool
  public var isReplacing: Bool
  public var pixelLimit: Int
  public var threads: Int
  /// Values of 16 bits that are spread over 8 bits; nil keeps such files as they are.
  public var window: ClosedRange<Int>?
  /// What the summary is to note first.
  public var notes: [String] = []
  /// Called after each portion with how many of how many images were looked at.
  public var progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }

  public init(
    from source: URL, to destination: URL, isStrict: Bool = false, isReplacing: Bool = false,
    pixelLimit: Int = Image.defaultPixelLimit, threads: Int = 2, window: ClosedRange<Int>? = nil
  ) {
    self.source = source
    self.destination = destination
    self.isStrict = isStrict
    self.isReplacing = isReplacing
    self.pixelLimit = pixelLimit
    self.threads = threads
    self.window = window
  }

  /// Imports, unless the destination holds just that already (made by the same importer from files of the same sizes and
  /// times) and is not to be replaced. The summary then is that of the earlier run, and says so.
  ///
  /// - Throws: `InputError` when nothing could be read, something else stands at the destination, or, if strict, at the first
  ///   bad file.
  public func run(_ importer: some Importer) throws -> ImportSummary {
    let folder = try SourceFolder.splitting(source).folder
    let contents = try importer.contents(of: source)
    let record = try ImportRecord(
      importer: "\(importer) \(window.map { "\($0)" } ?? "")", folder: folder, source: source)
    if !isReplacing, let earlier = record.summary(at: destination), !isStrict || earlier.problems.isEmpty {
      return earlier
    }
    let writer = try DatasetWriter(
      to: destination, description: "Imported from \(source.lastPathComponent) as \(type(of: importer).format)",
      cleanName: contents.cleanName, categories: contents.categories, replacing: isReplacing)
    var problems = contents.problems
    var remarks = ImportNotes()
    var shown = ContentTable()
    let loader = ImportLoader(contents, of: folder, pixelLimit: pixelLimit, window: window)

    // In portions, so that memory holds a few dozen files and not the whole set.
    try parallelInOrder(count: contents.items.count, threads: threads) { index in
      Result { try loader.load(contents.items[index]) }
    } take: { index, result in
      let item = contents.items[index]
      do {
        let loaded = try result.get()
        try writer.add(
          file: loaded.file, width: loaded.width, height: loaded.height, as: loaded.fileName, labels: loaded.labels,
          split: item.split,
          provenance: Provenance(
            source: item.path, group: item.group ?? "content-\(loaded.key.description.prefix(16))",
            window: loaded.window))
        shown.add(loaded.fileName, loaded.key)
        remarks.add(loaded.remarks, of: loaded.fileName)
      } catch let error as InputError {
        problems.append(problem(error, of: item))
      }
    } progress: { done in
      progress(done, contents.items.count)
    }
    if isStrict, let first = problems.first {
      throw InputError(
        at: source.path, expected: "no bad file, for --strict",
        found: "\(problems.count): \(problems.prefix(20).map(\.description).joined(separator: "; "))"
          + (problems.count > 20 ? "; and so on" : ""),
        remedy: "Nothing was written. Mend or remove \(first.path)\(problems.count > 1 ? " and the others" : "")")
    }
    guard writer.count > 0 else {
      throw InputError(
        at: source.path, expected: "at least one image", found: "none that can be read",
        remedy: problems.first.map { "The first of \(problems.count) problems: \($0)" } ?? "")
    }
    let (head, tally) = try writer.finish(into: ImportTally()) { $0.add($1) }
    let summary = ImportSummary(
      of: head, tally, format: type(of: importer).format, problems: problems,
      notes: notes + contents.notes + remarks.lines, lookalikes: shown.repeated)
    try record.write(summary, to: destination)
    return summary
  }

  /// Says which of the item's files is bad, from the source folder.
  private func problem(_ error: InputError, of item: ImportItem) -> ImportProblem {
    let isOfItem = error.place == destination.path || error.place == item.fileName
    let remedy = error.remedy.isEmpty ? "" : ". \(error.remedy)"
    return ImportProblem(
      isOfItem ? item.path : error.place, "expected \(error.expected), found \(error.found)\(remedy)")
  }
}
