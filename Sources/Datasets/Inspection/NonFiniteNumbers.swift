import Foundation

/// NaN and Infinity in JSON, which Python's writer produces and no strict reader takes.
enum NonFiniteNumbers {
  private static let words = ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) }

  /// The same text with `null` for each such word outside of strings.
  static func asNull(in data: Data) -> Data {
    let bytes = [UInt8](data)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var isInString = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        isInString.toggle()
      } else if byte == UInt8(ascii: "\\"), isInString, index + 1 < bytes.count {
        // Whatever follows a backslash ends no string.
        result.append(byte)
        index += 1
      } else if !isInString, [UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "-")].contains(byte),
        let word = words.first(where: { bytes[index...].starts(with: $0) })
      {
        result += "null".utf8
        index += word.count
        continue
      }
      result.append(bytes[index])
      index += 1
    }
    return Data(result)
  }
}
