import Files
import Foundation
import Images

/// Writes a data set beside its place and puts it there whole with `finish()`; without that, nothing remains.
///
/// Memory holds names and sizes of images; the rest waits on the disk for the tables, which can only be written when all names
/// are known and in order.
public final class DatasetWriter {
  /// A label to be written; its box and area follow from the mask, or are the whole image's where nothing else is known.
  public struct Label: Sendable, Equatable {
    public let category: String
    public let code: RunLengthCode?
    /// A known box, where there is no mask.
    public let box: Annotation.Box?

    public init(_ category: String, mask: Mask? = nil, box: PixelBox? = nil) {
      self.category = category
      code = mask.map(RunLengthCode.init)
      self.box = box.map(Annotation.Box.init)
    }

    public init(_ category: String, code: RunLengthCode) {
      self.category = category
      self.code = code
      box = nil
    }

    public init(_ category: String, box: Annotation.Box) {
      self.category = category
      code = nil
      self.box = box
    }
  }

  private struct Entry {
    let fileName: String
    let width: Int
    let height: Int
    let split: Split?
    let rest: SpoolFile.Piece
  }

  /// What is known of an image besides.
  private struct Rest: Codable {
    struct Label: Codable {
      let category: Int
      /// As COCO has it.
      let box: [Double]
      let area: Double
      let code: RunLengthCode?
    }
    let labels: [Label]
    let provenance: Provenance
  }

  public let destination: URL
  private let description: String
  private let cleanName: String
  private let categories: [Category]
  private let staged: StagedFolder
  private let spool: SpoolFile
  private var entries: [Entry] = []
  private var names: Set<String> = []
  /// Folders within the data set that are there.
  private var folders: Set<String> = []

  /// Number of images added so far.
  public var count: Int { entries.count }

  /// - Parameter categories: names of defects, in the order of the ids 1, 2, … that they get.
  /// - Throws: `InputError` when something stands at `folder` (unless `replacing`), or a name is empty or used twice.
  public init(
    to folder: URL, description: String, cleanName: String, categories: [String], replacing: Bool = false
  ) throws {
    var seen: Set<String> = []
    for name in [cleanName] + categories {
      if let problem = DatasetForm.problem(inName: name) {
        throw InputError(at: folder.path, expected: "names of classes", found: problem)
      }
      guard seen.insert(name).inserted else {
        throw InputError(at: folder.path, expected: "each class once", found: "'\(name)' twice")
      }
    }
    destination = folder
    self.description = description
    self.cleanName = cleanName
    self.categories = categories.enumerated().map { Category(id: $0.offset + 1, name: $0.element) }
    staged = try StagedFolder(for: folder, replacing: replacing)
    spool = try SpoolFile(in: staged.url)
    try FileManager.default.createDirectory(
      at: staged.url.appendingPathComponent(DatasetForm.images), withIntermediateDirectories: true)
  }

  /// Adds an image as the file that it already is, byte for byte.
  ///
  /// - Parameters:
  ///   - size: the pixels that the file decodes to.
  ///   - fileName: path within `images/`; must be new.
  ///   - labels: none for a clean image.
  public func add(
    file data: Data, width: Int, height: Int, as fileName: String, labels: [Label], split: Split? = nil,
    provenance: Provenance
  ) throws {
    if let problem = DatasetForm.problem(inPath: fileName) {
      throw InputError(at: destination.path, expected: "a path within images/", found: problem)
    }
    guard !names.contains(fileName) else {
      throw InputError(at: destination.path, expected: "each file name once", found: "'\(fileName)' twice")
    }
    let resolved = try labels.map { label -> Rest.Label in
      guard let category = categories.first(where: { $0.name == label.category }) else {
        throw InputError(
          at: fileName, expected: "one of \(categories.map(\.name).joined(separator: ", "))", found: label.category)
      }
      if let code = label.code {
        guard code.width == width, code.height == height, let box = code.boundingBox else {
          throw InputError(
            at: fileName, expected: "a mask of \(width) × \(height) with at least one pixel",
            found: code.area == 0 ? "an empty one" : "\(code.width) × \(code.height)")
        }
        return .init(category: category.id, box: Annotation.Box(box).numbers, area: Double(code.area), code: code)
      }
      let box = label.box ?? Annotation.Box(x: 0, y: 0, width: Double(width), height: Double(height))
      guard box.lies(withinWidth: width, height: height) else {
        throw InputError(at: fileName, expected: "a box within \(width) × \(height)", found: "\(box)")
      }
      return .init(category: category.id, box: box.numbers, area: box.width * box.height, code: nil)
    }
    var provenance = provenance
    provenance.sha256 = ContentHash.sha256(data)
    try write(data, to: DatasetForm.images, fileName)
    let rest = try WriteError.explaining(destination.path) {
      try spool.append(Rest(labels: resolved, provenance: provenance))
    }
    names.insert(fileName)
    entries.append(
      Entry(fileName: fileName, width: width, height: height, split: split, rest: rest))
  }

  /// Adds an image by encoding it.
  public func add(
    _ image: Image, as fileName: String, format: ImageFormat = .png, labels: [Label], split: Split? = nil,
    provenance: Provenance
  ) throws {
    try add(
      file: image.encoded(as: format), width: image.width, height: image.height, as: fileName, labels: labels,
      split: split, provenance: provenance)
  }

  /// Adds the depth map of an image that was added: grey, stored as PNG.
  public func addDepth(_ depth: Image, of fileName: String) throws {
    precondition(names.contains(fileName), "a depth map follows its image")
    let name = (fileName as NSString).deletingPathExtension + ".png"
    try write(depth.encoded(as: .png), to: DatasetForm.depth, name)
  }

  /// Whether an image of that name was added.
  func has(_ fileName: String) -> Bool { names.contains(fileName) }

  /// Writes the tables and puts the folder in its place.
  ///
  /// - Returns: the data set, opened and checked like any other.
  @discardableResult
  public func finish() throws -> Dataset {
    let (head, images) = try finish(into: [DatasetImage]()) { $0.append($1) }
    return Dataset(folder: destination, head: head, images: images)
  }

  /// The same, with the images added up instead of held.
  func finish<Result>(
    into initial: Result, _ add: (inout Result, DatasetImage) -> Void
  ) throws -> (head: DatasetHead, result: Result) {
    entries.sort { $0.fileName < $1.fileName }
    try WriteError.explaining(destination.path) {
      try writeAnnotations()
      try writeSplits()
      try writeOrigins()
    }
    // What was written must be readable before it replaces anything.
    let written = try DatasetReader(folder: staged.url).reduce(into: initial, add)
    try staged.commit()
    return written
  }

  private func rest(of entry: Entry) throws -> Rest { try spool.read(Rest.self, at: entry.rest) }

  private func write(_ name: String, _ body: (JSONStreamWriter) throws -> Void) throws {
    try JSONFile.write(to: staged.url.appendingPathComponent(name), object: body)
  }

  private func writeAnnotations() throws {
    typealias Form = DatasetForm.Annotations
    typealias Key = Form.CodingKeys
    try write(DatasetForm.annotations) { file in
      try file.list(forKey: Key.annotations.stringValue) {
        var id = 0
        for (index, entry) in entries.enumerated() {
          for label in try rest(of: entry).labels {
            id += 1
            try file.element(
              Form.Mark(
                id: id, imageID: index + 1, categoryID: label.category, bbox: label.box, area: label.area, iscrowd: 0,
                segmentation: label.code))
          }
        }
      }
      try file.value(categories, forKey: Key.categories.stringValue)
      try file.list(forKey: Key.images.stringValue) {
        for (index, entry) in entries.enumerated() {
          try file.element(
            Form.Picture(
              id: index + 1, fileName: entry.fileName, width: entry.width, height: entry.height))
        }
      }
      try file.value(
        Form.Info(description: description, version: String(DatasetForm.version), cleanName: cleanName),
        forKey: Key.info.stringValue)
    }
  }

  /// The splits that images were given. A data set that replaces another takes over its frozen split, as long as any of its test
  /// images is there: `split` then puts them where they stood, whatever they are called now.
  private func writeSplits() throws {
    typealias Key = DatasetForm.Splits.CodingKeys
    var held = (try? FrozenSplit(frozenAt: destination)) ?? nil
    if let test = held?.contents[.test] {
      let test = Set(test)
      let isThere = try entries.contains { entry in
        try ContentDigest(rest(of: entry).provenance.sha256).map(test.contains) ?? false
      }
      if !isThere { held = nil }
    }
    try write(DatasetForm.splits) { file in
      if let held { try file.value(held, forKey: Key.frozen.stringValue) }
      try file.object(forKey: Key.splits.stringValue) {
        for split in Split.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
          try file.list(forKey: split.rawValue) {
            for entry in entries where entry.split == split { try file.element(entry.fileName) }
          }
        }
      }
      try file.value(DatasetForm.version, forKey: Key.version.stringValue)
    }
  }

  private func writeOrigins() throws {
    typealias Key = DatasetForm.Origins.CodingKeys
    try write(DatasetForm.provenance) { file in
      try file.object(forKey: Key.images.stringValue) {
        // Keys stand in the order of their bytes, which for letters that can be written in several ways is another one.
        let order = entries.indices.sorted {
          entries[$0].fileName.utf8.lexicographicallyPrecedes(entries[$1].fileName.utf8)
        }
        for entry in order.lazy.map({ self.entries[$0] }) {
          try file.value(rest(of: entry).provenance, forKey: entry.fileName)
        }
      }
      try file.value(DatasetForm.version, forKey: Key.version.stringValue)
    }
  }

  private func write(_ data: Data, to folder: String, _ name: String) throws {
    let url = staged.url.appendingPathComponent(folder).appendingPathComponent(name)
    try WriteError.explaining(destination.path) {
      if folders.insert("\(folder)/\(name.folderPart)").inserted {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      }
      try data.write(to: url)  // The folder is staged as a whole, so a plain write is enough here.
    }
  }
}
