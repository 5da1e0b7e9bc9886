import Files
import Foundation

/// A table that says which group each file belongs to: `file,group`, with or without that line at the top.
struct GroupTable {
  /// By file.
  private(set) var groups: [String: String] = [:]

  /// UTF-8 with or without a byte-order mark, lines that end in any of the usual ways, fields in quotes where they hold a comma.
  ///
  /// - Throws: `InputError` with the line that is not of that form, or that contradicts one before.
  init(at file: URL) throws {
    for (number, line) in try TextFile.lines(FileBytes.all(of: file.path), at: file.path) {
      guard let fields = Self.fields(of: line), fields.count == 2, fields.allSatisfy({ !$0.isEmpty }) else {
        throw InputError(at: "\(file.path): line \(number)", expected: "file,group", found: "'\(line)'")
      }
      if groups.isEmpty, fields == ["file", "group"] { continue }
      if let other = groups.updateValue(fields[1], forKey: fields[0]), other != fields[1] {
        throw InputError(
          at: "\(file.path): line \(number)", expected: "each file in one group",
          found: "'\(fields[0])' in \(other) and \(fields[1])")
      }
    }
  }

  /// nil where a quote is not closed, or something follows it.
  private static func fields(of line: Substring) -> [String]? {
    var fields = [""]
    var isQuoted = false
    var wasQuoted = false  // The field ended with a quote; another makes it one of the field's own.
    for character in line {
      switch (character, isQuoted) {
      case ("\"", true):
        isQuoted = false
        wasQuoted = true
      case ("\"", false) where wasQuoted:
        fields[fields.count - 1].append("\"")
        isQuoted = true
        wasQuoted = false
      case ("\"", false) where fields[fields.count - 1].isEmpty: isQuoted = true
      case (",", false):
        fields.append("")
        wasQuoted = false
      case (_, false) where wasQuoted: return nil
      default: fields[fields.count - 1].append(character)
      }
    }
    return isQuoted ? nil : fields.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
