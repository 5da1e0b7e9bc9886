import Foundation

/// Text that came from outside: UTF-8 with or without a byte-order mark, lines that end in any of the usual ways.
public enum TextFile {
  private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// The bytes after a byte-order mark of UTF-8, if there is one.
  public static func withoutMark(_ data: Data) -> Data { data.starts(with: mark) ? data.dropFirst(3) : data }

  /// - Throws: `InputError` naming `place` for anything but UTF-8.
  public static func text(_ data: Data, at place: String) throws -> String {
    if data.starts(with: [0xff, 0xfe]) || data.starts(with: [0xfe, 0xff]) {
      throw InputError(at: place, expected: "text in UTF-8", found: "UTF-16", remedy: "Save it as UTF-8")
    }
    guard let text = String(validating: withoutMark(data), as: UTF8.self) else {
      throw InputError(at: place, expected: "text in UTF-8", found: "other bytes", remedy: "Save it as UTF-8")
    }
    return text
  }

  /// Lines with their numbers from 1 on, blank ones left out, blanks at both ends removed.
  ///
  /// - Throws: `InputError` naming `place` for anything but UTF-8.
  public static func lines(_ data: Data, at place: String) throws -> [(number: Int, text: Substring)] {
    // "\r\n" is one character, so that it ends one line.
    try text(data, at: place).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
      .enumerated().compactMap { index, line in
        let text = line.drop { $0 == " " || $0 == "\t" }
        let end = text.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { (index + 1, text[...$0]) }
      }
  }
}
