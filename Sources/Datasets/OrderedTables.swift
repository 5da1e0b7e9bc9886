import Files
import Foundation

/// Reads the tables of a data set an image at a time, as long as they stand in the order in which `DatasetWriter` writes them.
///
/// Images, their annotations and their entries in provenance.json then follow each other, so that none needs to be looked up
/// and only one of each is held. Any other order, and anything that is not as it must be, is an error without much to say:
/// `DatasetReader` then reads the tables as a whole.
struct OrderedTables {
  typealias Form = DatasetForm.Annotations

  let reader: DatasetReader

  /// Hands on every image in the order of their file names.
  func read(_ body: (DatasetImage) -> Void) throws -> DatasetHead {
    let annotations = reader.folder.appendingPathComponent(DatasetForm.annotations)
    // The table has annotations before images, and is walked at two places at once.
    var marks = try Marks(JSONStreamReader(annotations))
    let table = try JSONStreamReader(annotations)
    try table.enterObject()
    try table.key(Form.CodingKeys.annotations.stringValue)
    try table.skip()
    try table.key(Form.CodingKeys.categories.stringValue)
    let categories = try table.value([Category].self)
    try table.key(Form.CodingKeys.images.stringValue)
    let origins = try JSONStreamReader(reader.folder.appendingPathComponent(DatasetForm.provenance))
    try origins.enterObject()
    try origins.key(DatasetForm.Origins.CodingKeys.images.stringValue)
    try origins.enterObject()
    var (splits, groups) = try reader.splits()

    let ids = Set(categories.map(\.id))
    let root = reader.root
    var last: Form.Picture?
    try table.enterList()
    while let picture = try table.element(Form.Picture.self) {
      guard last.map({ $0.id < picture.id && $0.fileName < picture.fileName }) ?? true else { throw Unordered() }
      last = picture
      try reader.checkName(of: picture, "")
      try reader.checkPlace(of: picture, "", root: root)
      guard try origins.nextKey() == picture.fileName else { throw Unordered() }
      let origin = try origins.value(Provenance.self)
      try reader.check(origin, of: picture)
      let group = groups.removeValue(forKey: picture.fileName)
      guard group?.isEmpty != true else { throw Unordered() }
      body(
        DatasetImage(
          id: picture.id, fileName: picture.fileName, width: picture.width, height: picture.height,
          annotations: try marks.next(of: picture).map { try reader.annotation($0, "", of: picture, ids) },
          provenance: origin, split: splits.removeValue(forKey: picture.fileName), joinedGroup: group))
    }
    // Nothing is said of images that there are not.
    guard splits.isEmpty, groups.isEmpty, try origins.nextKey() == nil else { throw Unordered() }
    try marks.finish()
    try origins.key(DatasetForm.Origins.CodingKeys.version.stringValue)
    try reader.checkVersion(origins.value(Int.self), of: DatasetForm.provenance)
    try origins.leaveObject()
    try origins.end()
    try table.key(Form.CodingKeys.info.stringValue)
    let info = try table.value(Form.Info.self)
    try table.leaveObject()
    try table.end()
    return DatasetHead(
      description: info.description, cleanName: info.cleanName,
      categories: try reader.checked(categories, cleanName: info.cleanName))
  }

  private struct Unordered: Error {}

  /// The list of annotations, of which one is read ahead.
  private struct Marks {
    private let file: JSONStreamReader
    private var ahead: Form.Mark?
    private var lastID: Int?

    init(_ file: JSONStreamReader) throws {
      self.file = file
      try file.enterObject()
      try file.key(Form.CodingKeys.annotations.stringValue)
      try file.enterList()
      try advance()
    }

    private mutating func advance() throws {
      ahead = try file.element(Form.Mark.self)
      guard let ahead else { return }
      if let lastID, lastID >= ahead.id { throw Unordered() }
      lastID = ahead.id
    }

    /// Those of an image, if they come next.
    mutating func next(of picture: Form.Picture) throws -> [Form.Mark] {
      var marks: [Form.Mark] = []
      while let mark = ahead, mark.imageID == picture.id {
        marks.append(mark)
        try advance()
      }
      return marks
    }

    func finish() throws {
      guard ahead == nil else { throw Unordered() }
    }
  }
}
