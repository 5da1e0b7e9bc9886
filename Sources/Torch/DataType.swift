/// The types of a tensor's elements.
public enum DataType: Int32, CaseIterable, Sendable {
  case float32 = 0
  case bfloat16, float16, float64, int64, int32, uint8, bool

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .bfloat16, .float16: 2
    case .uint8, .bool: 1
    }
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .bfloat16, .float16, .float64: true
    case .int64, .int32, .uint8, .bool: false
    }
  }
}
