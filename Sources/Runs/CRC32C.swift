/// The 32-bit cyclic redundancy check with Castagnoli's polynomial (RFC 3720, appendix B.4), as TFRecord files use it.
enum CRC32C {
  /// The polynomial 0x1EDC6F41 with its bits reversed, applied to each of the 256 bytes.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
  }

  /// The check value of `bytes`: 0xE3069283 for the digits 1 to 9, 0 for nothing.
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let table = table
    var value = UInt32.max
    for byte in bytes { value = (value >> 8) ^ table[Int((value ^ UInt32(byte)) & 0xFF)] }
    return ~value
  }

  /// The checksum rotated by 15 bits plus a constant: TFRecord masks it, because a checksum of data that holds checksums
  /// is weak.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return ((value >> 15) | (value << 17)) &+ 0xA282_EAD8
  }
}
