import Foundation

/// How deep a JSON text is nested, found without parsing it.
///
/// Parsers call themselves for each level, so that a file of nothing but brackets could exhaust the stack.
public enum JSONNesting {
  /// The most levels that are read: no format in use comes near.
  public static let limit = 64

  /// - Throws: `InputError` naming `place` when brackets are nested deeper than `limit`.
  public static func check(_ data: Data, at place: String, limit: Int = limit) throws {
    let isTooDeep = data.withUnsafeBytes { raw -> Bool in
      var depth = 0
      var isText = false
      var index = 0
      while index < raw.count {
        let byte = raw[index]
        index += 1
        if isText {
          if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isText = false }
          continue
        }
        switch byte {
        case UInt8(ascii: "\""): isText = true
        case UInt8(ascii: "["), UInt8(ascii: "{"):
          depth += 1
          if depth > limit { return true }
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
        default: break
        }
      }
      return false
    }
    guard !isTooDeep else {
      throw InputError(at: place, expected: "JSON of at most \(limit) levels", found: "deeper nesting")
    }
  }
}
