import Foundation

/// Reading and writing `Codable` values as JSON files: keys sorted, so that the same value gives the same bytes.
public enum JSONFile {
  public static func read<Value: Decodable>(_ type: Value.Type, from url: URL) throws -> Value {
    let data: Data
    do {
      data = try FileBytes.all(of: url.path)
    } catch let error as InputError {
      throw InputError(at: url.path, expected: "a readable JSON file", found: error.found)
    }
    return try decode(type, from: data, at: url.path)
  }

  /// A value out of bytes that nobody vouches for: UTF-8 with or without a byte-order mark.
  ///
  /// - Throws: `InputError` naming `place` for other bytes, deep nesting, and what is no such value.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, at place: String
  ) throws -> Value {
    let data = TextFile.withoutMark(data)
    try JSONNesting.check(data, at: place)
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw InputError(at: place, expected: "a \(type) in JSON", found: explain(error))
    }
  }

  public static func write(_ value: some Encodable, to url: URL) throws {
    try AtomicFile.write(try encode(value), to: url)
  }

  public static func encode(_ value: some Encodable) throws -> Data {
    try encoder.encode(value) + Data("\n".utf8)
  }

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  /// Writes an object whose values `body` names one after another, so that they need not all be there at once.
  public static func write(to url: URL, object body: (JSONStreamWriter) throws -> Void) throws {
    try AtomicFile.write(to: url) { handle in
      try JSONStreamWriter.object(into: { try handle.write(contentsOf: $0) }, body)
    }
  }

  /// The same in memory: the bytes of the text alone.
  public static func encode(object body: (JSONStreamWriter) throws -> Void) throws -> Data {
    var result = Data()
    try JSONStreamWriter.object(into: { result += $0 }, body)
    return result
  }

  /// A decoding error as one line that names the key.
  public static func explain(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
      return keys.isEmpty ? "the top level" : String(keys.drop { $0 == "." })
    }
    switch error {
    case .keyNotFound(let key, let context): return "no key '\(key.stringValue)' in \(path(context))"
    case .typeMismatch(let type, let context): return "something else than \(type) at \(path(context))"
    case .valueNotFound(let type, let context): return "null instead of \(type) at \(path(context))"
    case .dataCorrupted(let context): return "\(context.debugDescription) at \(path(context))"
    @unknown default: return String(describing: error)
    }
  }
}
