import Files
import Foundation
import Images

/// Reads a data set's files and trusts nothing that stands in them.
struct DatasetReader {
  let folder: URL

  private func error(_ file: String, _ key: String, expected: String, found: String) -> InputError {
    InputError(at: "\(folder.appendingPathComponent(file).path): \(key)", expected: expected, found: found)
  }

  func read() throws -> Dataset {
    let (head, images) = try reduce(into: [DatasetImage]()) { $0.append($1) }
    return Dataset(folder: folder, head: head, images: images)
  }

  /// Opens and checks a data set as `Dataset` does, and adds up its images in the order of their file names without holding
  /// them, if its tables have the order in which `DatasetWriter` writes them.
  ///
  /// - Throws: `InputError` with file and key at the first thing that is not as it must be.
  func reduce<Result>(
    into initial: Result, _ add: (inout Result, DatasetImage) -> Void
  ) throws -> (head: DatasetHead, result: Result) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
      throw InputError(
        at: folder.path, expected: "the folder of a data set", found: "none",
        remedy: "Make one with `patina import`")
    }
    var result = initial
    if let head = try? OrderedTables(reader: self).read({ add(&result, $0) }) { return (head, result) }
    let (head, images) = try readWhole()
    return (head, images.reduce(into: initial, add))
  }

  /// Reads tables in any order, and says what is wrong with them.
  func readWhole() throws -> (head: DatasetHead, images: [DatasetImage]) {
    let form = try JSONFile.read(
      DatasetForm.Annotations.self, from: folder.appendingPathComponent(DatasetForm.annotations))
    let categories = try checked(form.categories, cleanName: form.info.cleanName)
    let (splits, groups) = try splits()
    let origins = try origins()
    try checkImages(form.images)
    let marks = try annotations(form, categories: Set(categories.map(\.id)))

    let known = Set(form.images.map(\.fileName))
    for name in splits.keys.sorted() where !known.contains(name) {
      throw error(DatasetForm.splits, "splits", expected: "images of the data set", found: "'\(name)'")
    }
    for name in groups.keys.sorted() where !known.contains(name) || groups[name]?.isEmpty != false {
      throw error(DatasetForm.splits, "groups", expected: "images of the data set and their groups", found: "'\(name)'")
    }
    for name in origins.keys.sorted() where !known.contains(name) {
      throw error(DatasetForm.provenance, "images", expected: "images of the data set", found: "'\(name)'")
    }
    let images = try form.images.sorted { $0.fileName < $1.fileName }.map { picture in
      guard let origin = origins[picture.fileName] else {
        throw error(DatasetForm.provenance, "images", expected: "an entry for '\(picture.fileName)'", found: "none")
      }
      try check(origin, of: picture)
      return DatasetImage(
        id: picture.id, fileName: picture.fileName, width: picture.width, height: picture.height,
        annotations: marks[picture.id] ?? [], provenance: origin, split: splits[picture.fileName],
        joinedGroup: groups[picture.fileName])
    }
    return (
      DatasetHead(description: form.info.description, cleanName: form.info.cleanName, categories: categories), images
    )
  }

  /// Categories in the order of their ids.
  func checked(_ categories: [Category], cleanName: String) throws -> [Category] {
    let file = DatasetForm.annotations
    if let problem = DatasetForm.problem(inName: cleanName) {
      throw error(file, "info.clean_name", expected: "a name", found: problem)
    }
    var ids: Set<Int> = []
    var names: Set<String> = [cleanName]
    for (index, category) in categories.enumerated() {
      let key = "categories[\(index)]"
      guard category.id >= 0, ids.insert(category.id).inserted else {
        throw error(file, "\(key).id", expected: "an id of its own, 0 or more", found: "\(category.id)")
      }
      if let problem = DatasetForm.problem(inName: category.name) {
        throw error(file, "\(key).name", expected: "a name", found: problem)
      }
      guard names.insert(category.name).inserted else {
        throw error(
          file, "\(key).name", expected: "a name of its own, other than the clean class'", found: "'\(category.name)'")
      }
    }
    return categories.sorted { $0.id < $1.id }
  }

  /// Where the images really are.
  var root: String { folder.appendingPathComponent(DatasetForm.images).resolvingSymlinksInPath().path + "/" }

  private func checkImages(_ pictures: [DatasetForm.Annotations.Picture]) throws {
    let file = DatasetForm.annotations
    let root = root
    var ids: Set<Int> = []
    var names: Set<String> = []
    for (index, picture) in pictures.enumerated() {
      let key = "images[\(index)]"
      guard ids.insert(picture.id).inserted else {
        throw error(file, "\(key).id", expected: "an id of its own", found: "\(picture.id) again")
      }
      try checkName(of: picture, key)
      guard names.insert(picture.fileName).inserted else {
        throw error(file, "\(key).file_name", expected: "a name of its own", found: "'\(picture.fileName)' again")
      }
      try checkPlace(of: picture, key, root: root)
    }
  }

  func checkName(of picture: DatasetForm.Annotations.Picture, _ key: String) throws {
    if let problem = DatasetForm.problem(inPath: picture.fileName) {
      throw error(DatasetForm.annotations, "\(key).file_name", expected: "a path within images/", found: problem)
    }
  }

  /// Checks the size and the file of an image.
  func checkPlace(of picture: DatasetForm.Annotations.Picture, _ key: String, root: String) throws {
    let file = DatasetForm.annotations
    let (pixels, overflow) = picture.width.multipliedReportingOverflow(by: picture.height)
    guard picture.width > 0, picture.height > 0, !overflow, pixels <= Image.defaultPixelLimit else {
      throw error(
        file, "\(key).width", expected: "1 to \(Image.defaultPixelLimit) pixels in all",
        found: "\(picture.width) × \(picture.height)")
    }
    // A link within images/ may point elsewhere: what counts is where the file really is.
    let real = URL(fileURLWithPath: root + picture.fileName).resolvingSymlinksInPath().path
    guard real.hasPrefix(root) else {
      throw error(file, "\(key).file_name", expected: "a file within images/", found: "a link to \(real)")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: real, isDirectory: &isFolder), !isFolder.boolValue else {
      throw error(file, "\(key).file_name", expected: "the file images/\(picture.fileName)", found: "none")
    }
  }

  /// Annotations by image id, each in the order of annotation ids.
  private func annotations(_ form: DatasetForm.Annotations, categories: Set<Int>) throws -> [Int: [Annotation]] {
    let file = DatasetForm.annotations
    let pictures = Dictionary(form.images.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var ids: Set<Int> = []
    var result: [Int: [Annotation]] = [:]
    for (index, mark) in form.annotations.enumerated() {
      let key = "annotations[\(index)]"
      guard ids.insert(mark.id).inserted else {
        throw error(file, "\(key).id", expected: "an id of its own", found: "\(mark.id) again")
      }
      guard let picture = pictures[mark.imageID] else {
        throw error(file, "\(key).image_id", expected: "the id of an image", found: "\(mark.imageID)")
      }
      result[mark.imageID, default: []].append(try annotation(mark, key, of: picture, categories))
    }
    return result.mapValues { $0.sorted { $0.id < $1.id } }
  }

  /// Checks all of an annotation but its ids.
  func annotation(
    _ mark: DatasetForm.Annotations.Mark, _ key: String, of picture: DatasetForm.Annotations.Picture,
    _ categories: Set<Int>
  ) throws -> Annotation {
    let file = DatasetForm.annotations
    let (width, height) = (picture.width, picture.height)
    guard categories.contains(mark.categoryID) else {
      throw error(file, "\(key).category_id", expected: "the id of a category", found: "\(mark.categoryID)")
    }
    guard mark.bbox.count == 4 else {
      throw error(file, "\(key).bbox", expected: "4 numbers", found: "\(mark.bbox.count)")
    }
    let box = Annotation.Box(x: mark.bbox[0], y: mark.bbox[1], width: mark.bbox[2], height: mark.bbox[3])
    guard box.lies(withinWidth: width, height: height) else {
      throw error(file, "\(key).bbox", expected: "a box within \(width) × \(height)", found: "\(mark.bbox)")
    }
    guard mark.area.isFinite, mark.area > 0, mark.area <= Double(width) * Double(height) else {
      throw error(file, "\(key).area", expected: "an area within the image", found: "\(mark.area)")
    }
    if let code = mark.segmentation {
      guard (code.width, code.height) == (width, height) else {
        throw error(
          file, "\(key).segmentation.size", expected: "[\(height), \(width)]",
          found: "[\(code.height), \(code.width)]")
      }
      guard code.area > 0 else {
        throw error(file, "\(key).segmentation.counts", expected: "at least one pixel", found: "none")
      }
    }
    return Annotation(
      id: mark.id, categoryID: mark.categoryID, box: box, area: mark.area, segmentation: mark.segmentation)
  }

  /// The split of each image that stands in one, and the groups that were joined for it.
  func splits() throws -> (splits: [String: Split], groups: [String: String]) {
    let form = try JSONFile.read(DatasetForm.Splits.self, from: folder.appendingPathComponent(DatasetForm.splits))
    try checkVersion(form.version, of: DatasetForm.splits)
    var result: [String: Split] = [:]
    for split in Split.allCases {
      for name in form.splits[split] ?? [] {
        if let other = result.updateValue(split, forKey: name) {
          throw error(
            DatasetForm.splits, "splits.\(split.rawValue)", expected: "each image once",
            found: "'\(name)', which stands in \(other.rawValue) too")
        }
      }
    }
    return (result, form.groups ?? [:])
  }

  private func origins() throws -> [String: Provenance] {
    let form = try JSONFile.read(DatasetForm.Origins.self, from: folder.appendingPathComponent(DatasetForm.provenance))
    try checkVersion(form.version, of: DatasetForm.provenance)
    return form.images
  }

  func checkVersion(_ version: Int, of file: String) throws {
    guard version == DatasetForm.version else {
      throw error(file, "version", expected: "\(DatasetForm.version)", found: "\(version)")
    }
  }

  func check(_ origin: Provenance, of picture: DatasetForm.Annotations.Picture) throws {
    let key = "images['\(picture.fileName)']"
    guard ContentDigest(origin.sha256) != nil else {
      throw error(DatasetForm.provenance, "\(key).sha256", expected: "64 hexadecimal digits", found: origin.sha256)
    }
    guard !origin.group.isEmpty else {
      throw error(DatasetForm.provenance, "\(key).group", expected: "a name", found: "an empty one")
    }
    if let box = origin.box {
      guard box.lies(withinWidth: Int(Int32.max), height: Int(Int32.max)) else {
        throw error(DatasetForm.provenance, "\(key).box", expected: "a box of pixels", found: "\(box)")
      }
    }
  }
}
