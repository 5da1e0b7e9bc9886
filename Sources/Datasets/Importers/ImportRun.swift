import Files
import Foundation
import Images

/// Takes what an importer listed: decodes and checks every file, and writes the data set.
///
/// A bad file never ends an import; it is left out and named. The result does not depend on the number of threads.
public struct ImportRun: Sendable {
  public let source: URL
  public let destination: URL
  /// Whether any bad file means that nothing is written.
  public var isStrict: Bool
  public var isReplacing: Bool
  public var pixelLimit: Int
  public var threads: Int

  public init(
    from source: URL, to destination: URL, isStrict: Bool = false, isReplacing: Bool = false,
    pixelLimit: Int = Image.defaultPixelLimit, threads: Int = 2
  ) {
    self.source = source
    self.destination = destination
    self.isStrict = isStrict
    self.isReplacing = isReplacing
    self.pixelLimit = pixelLimit
    self.threads = threads
  }

  /// An item whose files were read and found good.
  private struct Loaded: Sendable {
    let file: Data
    let width: Int
    let height: Int
    let labels: [DatasetWriter.Label]
    let key: String
    let hasEmptyMask: Bool
  }

  /// - Throws: `InputError` when nothing could be read, something stands at the destination, or, if strict, at the first
  ///   bad file.
  public func run(_ importer: some Importer) throws -> ImportSummary {
    let contents = try importer.contents(of: source)
    let writer = try DatasetWriter(
      to: destination, description: "Imported from \(source.lastPathComponent) as \(type(of: importer).format)",
      cleanName: contents.cleanName, categories: contents.categories, replacing: isReplacing)
    var problems = contents.problems
    var byKey: [String: [String]] = [:]
    var emptyMasks: [String] = []

    // In portions, so that memory holds a few dozen files and not the whole set.
    for start in stride(from: 0, to: contents.items.count, by: 64) {
      let portion = Array(contents.items[start..<min(start + 64, contents.items.count)])
      let results = parallelMap(count: portion.count, threads: threads) { index in
        Result { try load(portion[index]) }
      }
      for (item, result) in zip(portion, results) {
        do {
          let loaded = try result.get()
          try writer.add(
            file: loaded.file, width: loaded.width, height: loaded.height, as: item.fileName, labels: loaded.labels,
            split: item.split,
            provenance: Provenance(source: item.path, group: item.group ?? "content-\(loaded.key.prefix(16))"))
          byKey[loaded.key, default: []].append(item.fileName)
          if loaded.hasEmptyMask { emptyMasks.append(item.fileName) }
        } catch let error as InputError {
          problems.append(problem(error, of: item))
        }
      }
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
    var notes = contents.notes
    if !emptyMasks.isEmpty {
      notes.append(
        "\(emptyMasks.count) images of a defect have an empty mask and are labelled as a whole: "
          + emptyMasks.joined(separator: ", "))
    }
    let lookalikes = byKey.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    return ImportSummary(
      of: try writer.finish(), format: type(of: importer).format, problems: problems, notes: notes,
      lookalikes: lookalikes)
  }

  private func load(_ item: ImportItem) throws -> Loaded {
    let url = source.appendingPathComponent(item.path)
    let file = try Image.data(of: url)
    let image = try Image(decoding: file, at: item.path, pixelLimit: pixelLimit)
    func mask(_ path: String) throws -> Mask {
      let file = try Image.data(of: source.appendingPathComponent(path))
      let picture = try Image(decoding: file, at: path, pixelLimit: pixelLimit)
      guard (picture.width, picture.height) == (image.width, image.height) else {
        throw InputError(
          at: path, expected: "a mask of \(image.width) × \(image.height)",
          found: "\(picture.width) × \(picture.height)")
      }
      return Mask(thresholding: picture)
    }
    var labels: [DatasetWriter.Label] = []
    var hasEmptyMask = false
    switch item.label {
    case .clean(let path):
      if let path, case let mask = try mask(path), !mask.isEmpty {
        throw InputError(at: path, expected: "an empty mask of a clean image", found: "\(mask.area) pixels")
      }
    case .whole(let name):
      labels = [.init(name)]
    case .masked(let name, let path, let emptyIsClean):
      let mask = try mask(path)
      if !mask.isEmpty {
        labels = [.init(name, mask: mask)]
      } else if !emptyIsClean {
        labels = [.init(name)]
        hasEmptyMask = true
      }
    }
    return Loaded(
      file: file, width: image.width, height: image.height, labels: labels,
      key: try ContentKey.anyOrientation(of: image), hasEmptyMask: hasEmptyMask)
  }

  /// Says which of the item's files is bad, from the source folder.
  private func problem(_ error: InputError, of item: ImportItem) -> ImportProblem {
    let root = source.path.hasSuffix("/") ? source.path : source.path + "/"
    let path = error.place.hasPrefix(root) ? String(error.place.dropFirst(root.count)) : error.place
    let isOfItem = path == destination.path ? item.path : path
    return ImportProblem(isOfItem, "expected \(error.expected), found \(error.found)")
  }
}
