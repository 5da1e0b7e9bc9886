/// Encodes a protocol buffer message field by field (the wire format of protobuf.dev/programming-guides/encoding).
///
/// Fields stand in the order of the calls; defaults are written too, which readers accept.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case delimited = 2
    case fixed32 = 5
  }

  /// An `int64` or an enumeration; negative numbers take ten bytes, as the format has it.
  mutating func integer(_ value: Int64, field: Int) {
    key(field, .varint)
    varint(UInt64(bitPattern: value))
  }

  mutating func double(_ value: Double, field: Int) {
    key(field, .fixed64)
    littleEndian(value.bitPattern)
  }

  mutating func float(_ value: Float, field: Int) {
    key(field, .fixed32)
    littleEndian(value.bitPattern)
  }

  mutating func data(_ value: some Collection<UInt8>, field: Int) {
    key(field, .delimited)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func string(_ value: String, field: Int) { data(Array(value.utf8), field: field) }

  mutating func message(field: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    data(inner.bytes, field: field)
  }

  private mutating func key(_ field: Int, _ type: WireType) {
    precondition((1..<(1 << 29)).contains(field), "a protobuf field number is 1 to 536870911, not \(field)")
    varint(UInt64(field) << 3 | type.rawValue)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func littleEndian(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
