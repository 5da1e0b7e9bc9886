import Foundation

/// JSON that can stand inside a `script` element.
enum ScriptJSON {
  /// No `<`, `>` or `&` remains, so that no text from data can close the element or open a comment in it.
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var result = ""
    for character in String(decoding: try encoder.encode(value), as: UTF8.self).unicodeScalars {
      switch character {
      case "<", ">", "&", "\u{2028}", "\u{2029}":
        let digits = String(character.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
