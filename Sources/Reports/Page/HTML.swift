/// A piece of a page that is safe to write out: text from data only gets in escaped.
struct HTML: ExpressibleByStringInterpolation, ExpressibleByStringLiteral {
  private(set) var source: String

  init(stringLiteral value: String) { source = value }

  init(stringInterpolation: Interpolation) { source = stringInterpolation.source }

  init(joining parts: [HTML], separator: String = "\n") { source = parts.map(\.source).joined(separator: separator) }

  static let empty: HTML = ""

  static func + (first: HTML, second: HTML) -> HTML { HTML(joining: [first, second]) }

  /// Text as it must be written between tags and in quoted attributes.
  static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// Everything interpolated is escaped, except another `HTML`.
  struct Interpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    init(literalCapacity: Int, interpolationCount: Int) { source.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { source += literal }

    mutating func appendInterpolation(_ html: HTML) { source += html.source }

    mutating func appendInterpolation(_ parts: [HTML]) { source += HTML(joining: parts).source }

    mutating func appendInterpolation(_ text: String) { source += HTML.escape(text) }

    mutating func appendInterpolation(_ number: Int) { source += "\(number)" }

    /// Text that is a script or a style sheet of our own, which must not be escaped.
    mutating func appendInterpolation(verbatim text: String) { source += text }
  }
}
