import Files
import Foundation

/// Magnetic tile defects (Huang, Qiu and Yuan 2020): `MT_<class>/Imgs/*.jpg` with masks of the same names in PNG.
///
/// The 1344 images are some 225 tiles under about six exposures each. `groups.csv` (`file,group`) says which belong
/// together; without it only images that show the very same are held together.
public struct MTDImporter: Importer {
  public static let format = "mtd"
  public static let summary = "magnetic tile defects: MT_*/Imgs with masks, groups.csv if there"

  private static let clean = "Free"

  public init() {}

  public func contents(of source: URL) throws -> ImportContents {
    let folders = try FolderListing.folders(in: source).filter { $0.hasPrefix("MT_") }
    guard !folders.isEmpty else {
      throw InputError(at: source.path, expected: "folders MT_Blowhole … MT_Uneven", found: "none of them")
    }
    let groups = try groups(in: source)
    var items: [ImportItem] = []
    var problems: [ImportProblem] = []
    var withoutGroup = 0
    for folder in folders {
      let name = String(folder.dropFirst(3))
      let files = try FolderListing(of: source.appendingPathComponent(folder)).images
      let all = Set(files)
      for file in files where (file as NSString).pathExtension.lowercased() == "jpg" {
        let path = "\(folder)/\(file)"
        let mask = (file as NSString).deletingPathExtension + ".png"
        let maskPath = all.contains(mask) ? "\(folder)/\(mask)" : nil
        let label: ImportItem.Label
        if name == Self.clean {
          label = .clean(mask: maskPath)
        } else if let maskPath {
          label = .masked(name, mask: maskPath, emptyIsClean: false)
        } else {
          problems.append(ImportProblem(path, "no mask \(mask)"))
          continue
        }
        let group = groups?[path]
        if groups != nil, group == nil { withoutGroup += 1 }
        let stored = file.hasPrefix("Imgs/") ? String(file.dropFirst(5)) : file
        items.append(ImportItem(path: path, fileName: "\(name)/\(stored)", label: label, group: group))
      }
      for file in files where (file as NSString).pathExtension.lowercased() == "png" {
        let image = (file as NSString).deletingPathExtension + ".jpg"
        if !all.contains(image) { problems.append(ImportProblem("\(folder)/\(file)", "a mask without \(image)")) }
      }
    }
    var contents = ImportContents(
      cleanName: Self.clean, categories: folders.map { String($0.dropFirst(3)) }.filter { $0 != Self.clean },
      items: items)
    contents.problems = problems
    if groups == nil {
      contents.notes.append(
        "No groups.csv: exposures of one tile count as images of their own, and may come to stand on both sides of a "
          + "split; only images that show the very same are held together")
    } else if withoutGroup > 0 {
      contents.notes.append("\(withoutGroup) images are not in groups.csv and count as groups of their own")
    }
    return contents
  }

  private func groups(in source: URL) throws -> [String: String]? {
    let file = source.appendingPathComponent("groups.csv")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw InputError(at: file.path, expected: "a text file in UTF-8", found: "something else")
    }
    var groups: [String: String] = [:]
    for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 2, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw InputError(at: "\(file.path): line \(index + 1)", expected: "file,group", found: "'\(line)'")
      }
      if index == 0, fields[0] == "file" { continue }
      if let other = groups.updateValue(String(fields[1]), forKey: String(fields[0])), other != fields[1] {
        throw InputError(
          at: "\(file.path): line \(index + 1)", expected: "one group for \(fields[0])",
          found: "\(other) and \(fields[1])")
      }
    }
    return groups
  }
}
