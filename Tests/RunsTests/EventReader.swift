import Foundation

/// Reads TFRecord files and protocol buffers on its own terms: bit by bit, sharing no code with the writer.
enum EventReader {
  struct Malformed: Error {
    let reason: String
  }

  /// Castagnoli's check, by long division: no table.
  static func crc(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 != 0 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
    }
    return value ^ 0xFFFF_FFFF
  }

  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let value = UInt64(crc(bytes))
    let rotated = ((value >> 15) | (value << 17)) & 0xFFFF_FFFF
    return UInt32((rotated + 0xA282_EAD8) & 0xFFFF_FFFF)
  }

  static func records(_ url: URL) throws -> [[UInt8]] {
    var rest = [UInt8](try Data(contentsOf: url))[...]
    func take(_ count: Int) throws -> [UInt8] {
      guard rest.count >= count else { throw Malformed(reason: "cut off") }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    func number(_ bytes: [UInt8]) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    var records: [[UInt8]] = []
    while !rest.isEmpty {
      let length = try take(8)
      guard try number(take(4)) == UInt64(masked(length)) else { throw Malformed(reason: "length's checksum") }
      let record = try take(Int(number(length)))
      guard try number(take(4)) == UInt64(masked(record)) else { throw Malformed(reason: "record's checksum") }
      records.append(record)
    }
    return records
  }

  /// The fields of one message, in their order.
  struct Message {
    enum Value: Equatable {
      case varint(UInt64)
      case fixed64(UInt64)
      case fixed32(UInt32)
      case bytes([UInt8])
    }

    var fields: [(number: Int, value: Value)] = []

    init(_ bytes: [UInt8]) throws {
      var position = 0
      func byte() throws -> UInt8 {
        guard position < bytes.count else { throw Malformed(reason: "message cut off") }
        position += 1
        return bytes[position - 1]
      }
      func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
          let next = try byte()
          value |= UInt64(next & 0x7F) << shift
          if next < 0x80 { return value }
        }
        throw Malformed(reason: "varint without end")
      }
      func fixed(_ count: Int) throws -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(try byte()) << UInt64(8 * index) }
        return value
      }
      while position < bytes.count {
        let key = try varint()
        let number = Int(key >> 3)
        switch key & 7 {
        case 0: fields.append((number, .varint(try varint())))
        case 1: fields.append((number, .fixed64(try fixed(8))))
        case 5: fields.append((number, .fixed32(UInt32(try fixed(4)))))
        case 2:
          let count = Int(try varint())
          guard count <= bytes.count - position else { throw Malformed(reason: "field cut off") }
          fields.append((number, .bytes(Array(bytes[position..<(position + count)]))))
          position += count
        default: throw Malformed(reason: "wire type \(key & 7)")
        }
      }
    }

    private func values(_ number: Int) -> [Value] { fields.filter { $0.number == number }.map(\.value) }

    func integer(_ number: Int) -> Int64? {
      if case .varint(let value)? = values(number).first { Int64(bitPattern: value) } else { nil }
    }

    func double(_ number: Int) -> Double? {
      if case .fixed64(let value)? = values(number).first { Double(bitPattern: value) } else { nil }
    }

    func float(_ number: Int) -> Float? {
      if case .fixed32(let value)? = values(number).first { Float(bitPattern: value) } else { nil }
    }

    func bytes(_ number: Int) -> [UInt8]? {
      if case .bytes(let value)? = values(number).first { value } else { nil }
    }

    func string(_ number: Int) -> String? { bytes(number).map { String(decoding: $0, as: UTF8.self) } }

    func messages(_ number: Int) throws -> [Message] {
      try values(number).compactMap { value in
        if case .bytes(let bytes) = value { try Message(bytes) } else { nil }
      }
    }
  }

  static func events(_ url: URL) throws -> [Message] { try records(url).map { try Message($0) } }
}
