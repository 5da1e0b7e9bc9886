import Files
import Foundation
import Images

/// Writes a data set beside its place and puts it there whole with `finish()`; without that, nothing remains.
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
    let labels: [(category: Int, box: Annotation.Box, area: Double, code: RunLengthCode?)]
    let split: Split?
    let provenance: Provenance
  }

  public let destination: URL
  private let description: String
  private let cleanName: String
  private let categories: [Category]
  private let staged: StagedFolder
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
    let resolved = try labels.map { label in
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
        return (category.id, Annotation.Box(box), Double(code.area), code as RunLengthCode?)
      }
      let box = label.box ?? Annotation.Box(x: 0, y: 0, width: Double(width), height: Double(height))
      guard box.lies(withinWidth: width, height: height) else {
        throw InputError(at: fileName, expected: "a box within \(width) × \(height)", found: "\(box)")
      }
      return (category.id, box, box.width * box.height, nil)
    }
    var provenance = provenance
    provenance.sha256 = ContentHash.sha256(data)
    try write(data, to: DatasetForm.images, fileName)
    names.insert(fileName)
    entries.append(
      Entry(
        fileName: fileName, width: width, height: height, labels: resolved, split: split, provenance: provenance))
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

  /// Writes the tables and puts the folder in its place.
  ///
  /// - Returns: the data set, opened and checked like any other.
  @discardableResult
  public func finish() throws -> Dataset {
    entries.sort { $0.fileName < $1.fileName }
    var pictures: [DatasetForm.Annotations.Picture] = []
    var marks: [DatasetForm.Annotations.Mark] = []
    for (index, entry) in entries.enumerated() {
      pictures.append(
        .init(id: index + 1, fileName: entry.fileName, width: entry.width, height: entry.height))
      for label in entry.labels {
        marks.append(
          .init(
            id: marks.count + 1, imageID: index + 1, categoryID: label.category,
            bbox: [label.box.x, label.box.y, label.box.width, label.box.height], area: label.area, iscrowd: 0,
            segmentation: label.code))
      }
    }
    let info = DatasetForm.Annotations.Info(
      description: description, version: String(DatasetForm.version), cleanName: cleanName)
    try write(
      DatasetForm.Annotations(info: info, categories: categories, images: pictures, annotations: marks),
      to: DatasetForm.annotations)
    try write(splits(), to: DatasetForm.splits)
    let origins = Dictionary(entries.map { ($0.fileName, $0.provenance) }, uniquingKeysWith: { first, _ in first })
    try write(DatasetForm.Origins(version: DatasetForm.version, images: origins), to: DatasetForm.provenance)
    let written = try Dataset(at: staged.url)  // What was written must be readable before it replaces anything.
    try staged.commit()
    return written.moved(to: destination)
  }

  private func write(_ table: some Encodable, to name: String) throws {
    try WriteError.explaining(destination.path) {
      try JSONFile.write(table, to: staged.url.appendingPathComponent(name))
    }
  }

  /// The splits that images were given. A data set that replaces another takes over its frozen split, as long as any of its test
  /// images is there: `split` then puts them where they stood, whatever they are called now.
  private func splits() -> DatasetForm.Splits {
    var held = (try? FrozenSplit(frozenAt: destination)) ?? nil
    let present = entries.compactMap { ContentDigest($0.provenance.sha256) }
    if let test = held?.contents[.test], Set(test).isDisjoint(with: present) { held = nil }
    var splits: [Split: [String]] = [:]
    for split in Split.allCases { splits[split] = entries.filter { $0.split == split }.map(\.fileName) }
    return DatasetForm.Splits(version: DatasetForm.version, splits: splits, frozen: held)
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
