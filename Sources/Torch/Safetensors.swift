import Files
import Foundation

/// A file of named tensors in the safetensors format, opened for reading.
///
/// Layout: 8 bytes little-endian header length, a JSON header `{name: {dtype, shape, data_offsets}}`, then the elements.
/// Everything is checked when the file is opened: lengths, types, shapes, and that the tensors fill the data without gap
/// or overlap. Elements are read when asked for.
public struct Safetensors {
  /// What the header says of one tensor.
  public struct Entry: Equatable, Sendable {
    public let type: DataType
    public let shape: [Int]
    /// Where its bytes lie, counted from the start of the file.
    public let bytes: Range<Int>
  }

  public let url: URL
  /// By name.
  public let entries: [String: Entry]
  /// Free text that the writer left, by key.
  public let metadata: [String: String]
  private let data: Data

  /// Headers above this are refused: no model has as many tensors.
  static let longestHeader = 100 << 20

  /// - Throws: `InputError` that names the file, the tensor and what is wrong with it.
  public init(contentsOf url: URL) throws {
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw InputError(at: url.path, expected: "a readable safetensors file", found: "none that can be read")
    }
    self.url = url
    self.data = data
    (entries, metadata) = try SafetensorsHeader(data: data, place: url.path).parsed()
  }

  /// Names in order.
  public var names: [String] { entries.keys.sorted() }

  /// - Throws: `InputError` when the file has no such tensor.
  public func tensor(_ name: String) throws -> Tensor {
    guard let entry = entries[name] else {
      throw InputError(at: url.path, expected: "a tensor '\(name)'", found: "none of that name")
    }
    return try data.withUnsafeBytes { bytes in
      try Tensor(bytes: UnsafeRawBufferPointer(rebasing: bytes[entry.bytes]), shape: entry.shape, type: entry.type)
    }
  }

  /// All tensors by name.
  public func tensors() throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for name in entries.keys { result[name] = try tensor(name) }
    return result
  }

  /// Writes the tensors whole or not at all: names in order, so the same tensors give the same bytes.
  public static func write(_ tensors: [String: Tensor], metadata: [String: String] = [:], to url: URL) throws {
    let names = tensors.keys.sorted()
    var header: [String: Any] = metadata.isEmpty ? [:] : ["__metadata__": metadata]
    var offset = 0
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let size = tensor.count * tensor.type.size
      header[name] = [
        "dtype": tensor.type.safetensorsName, "shape": tensor.shape, "data_offsets": [offset, offset + size],
      ]
      offset += size
    }
    var json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    // Padded with spaces so that the elements start on a multiple of 8, as readers that map the file expect.
    json.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - json.count % 8) % 8))
    try AtomicFile.write(to: url) { file in
      try file.write(contentsOf: withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) })
      try file.write(contentsOf: json)
      for name in names {
        if let tensor = tensors[name] { try file.write(contentsOf: Data(tensor.bytes())) }
      }
    }
  }
}

/// Takes the header apart and believes none of it.
private struct SafetensorsHeader {
  let data: Data
  let place: String

  func parsed() throws -> ([String: Safetensors.Entry], [String: String]) {
    guard data.count >= 8 else { throw wrong("at least 8 bytes of header length", "\(data.count) bytes") }
    let stated = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard stated <= UInt64(Safetensors.longestHeader), stated <= UInt64(data.count - 8) else {
      throw wrong("a header that fits the file of \(data.count) bytes", "a stated header length of \(stated)")
    }
    let start = 8 + Int(stated)
    let json = data[data.startIndex + 8..<data.startIndex + start]
    guard let object = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else {
      throw wrong("a JSON object as header", "something else")
    }
    var entries: [String: Safetensors.Entry] = [:]
    var metadata: [String: String] = [:]
    for (name, value) in object {
      if name == "__metadata__" {
        guard let texts = value as? [String: String] else { throw wrong("texts in __metadata__", "something else") }
        metadata = texts
      } else {
        entries[name] = try entry(name, value, start: start)
      }
    }
    try checkCover(entries, start: start)
    return (entries, metadata)
  }

  private func entry(_ name: String, _ value: Any, start: Int) throws -> Safetensors.Entry {
    guard let fields = value as? [String: Any], let typeName = fields["dtype"] as? String,
      let shape = wholeNumbers(fields["shape"]), let offsets = wholeNumbers(fields["data_offsets"])
    else { throw wrong("dtype, shape and data_offsets for '\(name)'", "other fields") }
    guard let type = DataType(safetensorsName: typeName) else {
      throw wrong(
        "a type of \(DataType.allCases.map(\.safetensorsName).joined(separator: ", ")) for '\(name)'", "'\(typeName)'")
    }
    guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= data.count - start else {
      throw wrong("offsets of '\(name)' within the \(data.count - start) bytes of data", "\(offsets)")
    }
    var size = type.size
    for side in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: side)
      guard side >= 0, !overflow else { throw wrong("a possible shape for '\(name)'", "\(shape)") }
      size = product
    }
    guard offsets[1] - offsets[0] == size else {
      throw wrong("\(size) bytes for '\(name)' of shape \(shape)", "\(offsets[1] - offsets[0])")
    }
    return .init(type: type, shape: shape, bytes: start + offsets[0]..<start + offsets[1])
  }

  /// The tensors must fill the data without gap or overlap: so nothing hides in the file, and nothing is read twice.
  private func checkCover(_ entries: [String: Safetensors.Entry], start: Int) throws {
    var end = start
    for (name, entry) in entries.sorted(by: {
      ($0.value.bytes.lowerBound, $0.value.bytes.upperBound) < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound)
    }) {
      guard entry.bytes.lowerBound == end else {
        let what = entry.bytes.lowerBound < end ? "overlaps the tensor before it" : "leaves a gap before it"
        throw wrong("tensors side by side", "that '\(name)' \(what)")
      }
      end = entry.bytes.upperBound
    }
    guard end == data.count else {
      throw wrong("data that ends with the last tensor", "\(data.count - end) bytes more")
    }
  }

  private func wholeNumbers(_ value: Any?) -> [Int]? {
    guard let numbers = value as? [NSNumber] else { return nil }
    // NSNumber would turn 1.5 and 1e300 into something; only what survives the round trip is a whole number.
    let whole = numbers.compactMap { $0.doubleValue == Double($0.intValue) ? $0.intValue : nil }
    return whole.count == numbers.count ? whole : nil
  }

  private func wrong(_ expected: String, _ found: String) -> InputError {
    InputError(at: place, expected: expected, found: found, remedy: "The file is damaged or not safetensors")
  }
}

extension DataType {
  /// As the format spells it.
  var safetensorsName: String {
    switch self {
    case .float32: "F32"
    case .bfloat16: "BF16"
    case .float16: "F16"
    case .float64: "F64"
    case .int64: "I64"
    case .int32: "I32"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }

  init?(safetensorsName name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = type
  }
}
