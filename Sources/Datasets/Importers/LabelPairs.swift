import Files
import Foundation

/// Which label file belongs to which image, where each image has its own.
struct LabelPairs {
  private let images: SourceImages
  /// Paths of images by their path without extension, below the images' folder.
  private let byStem: [String: [String]]
  /// Label files by image.
  private var labels: [String: String] = [:]
  private(set) var problems: [ImportProblem] = []
  /// Label files that name another image than the one of their own name.
  private var misnamed: [String] = []
  /// Names in the data set by image.
  private let names: [String: String]
  private let splits: [String: Split]

  /// - Parameters:
  ///   - containers: in lower case, names of folders that hold images and are no part of their names.
  ///   - splits: by image, as far as the source says it.
  ///   - splitsAreFolders: whether the splits are folders, which then are no part of names either.
  init(
    images paths: [String], containers: Set<String>, splits: [String: Split] = [:], splitsAreFolders: Bool = false
  ) {
    self.splits = splits
    images = SourceImages(paths)
    byStem = Dictionary(grouping: paths) { $0.stem }
    names = DatasetNames(of: paths, containers: containers, splits: splitsAreFolders ? splits : [:]).names
  }

  /// Finds the image of a label file: the one of the same name, else the one that the file names.
  mutating func add(_ file: String, namedImage name: String?) {
    do {
      guard let image = try image(of: file) ?? name.flatMap({ try images.path(of: $0, from: file.folderPart, at: file) })
      else {
        problems.append(ImportProblem(file, "no image of that name" + (name.map { ", and none '\($0)'" } ?? "")))
        return
      }
      if let other = labels.updateValue(file, forKey: image) {
        labels[image] = other
        problems.append(ImportProblem(file, "\(image) has labels already, in \(other)"))
        return
      }
      if let name, name.replacing("\\", with: "/").stem != image.stem { misnamed.append(file) }
    } catch let error as InputError {
      problems.append(ImportProblem(error.place, "expected \(error.expected), found \(error.found)"))
    } catch { problems.append(ImportProblem(file, "\(error)")) }
  }

  /// The image of the same name: in the same folder, or the one whose folder fits best.
  private func image(of file: String) throws -> String? {
    let found = byStem[file.stem] ?? []
    if found.count < 2 { return found.first }
    let beside = found.filter { $0.withoutExtension == file.withoutExtension }
    if beside.count == 1 { return beside[0] }
    // images/a/1.jpg and annotations/a/1.xml, or a/images/1.jpg and a/labels/1.txt.
    let place = Self.placeWithoutContainers(file)
    let parallel = found.filter { Self.placeWithoutContainers($0) == place }
    guard parallel.count == 1 else {
      throw InputError(
        at: file, expected: "one image of that name", found: found.prefix(3).joined(separator: ", "))
    }
    return parallel[0]
  }

  private static let parallelFolders: Set<String> = [
    "images", "imgs", "img", "jpegimages", "labels", "annotations", "annotation", "ann", "xml", "json",
  ]

  private static func placeWithoutContainers(_ path: String) -> [Substring] {
    path.folderPart.split(separator: "/").filter { !parallelFolders.contains($0.lowercased()) }
  }

  /// Images that have labels, and others if they are clean.
  func items(unlabelledIsClean: Bool) -> [ImportItem] {
    images.paths.compactMap { path in
      let name = names[path] ?? path
      if let file = labels[path] {
        return ImportItem(path: path, fileName: name, label: .labelFile(file), split: splits[path])
      }
      return unlabelledIsClean
        ? ImportItem(path: path, fileName: name, label: .clean(mask: nil), split: splits[path]) : nil
    }
  }

  func notes(unlabelledIsClean: Bool, kind: String) -> [String] {
    var notes: [String] = []
    let unlabelled = images.paths.count - labels.count
    if unlabelled > 0 {
      notes.append(
        unlabelledIsClean
          ? "\(unlabelled) images without a \(kind) count as clean"
          : "\(unlabelled) images without a \(kind) were left out (--unlabelled clean counts them as clean)")
    }
    if !misnamed.isEmpty {
      notes.append(
        "\(misnamed.count) files of labels name another image than the one of their own name, which was taken: "
          + misnamed.prefix(5).joined(separator: ", ") + (misnamed.count > 5 ? ", …" : ""))
    }
    return notes
  }
}
