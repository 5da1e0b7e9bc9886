import Files
import Foundation
import TestFolders
import Testing

@testable import Runs

struct EventFileTests {
  private let temporary: TemporaryFolder
  private var folder: URL { temporary.url }

  init() throws {
    temporary = try TemporaryFolder()
  }

  // The catalogue's check value, and RFC 3720, appendix B.4.
  private static let published: [([UInt8], UInt32)] = [
    (Array("123456789".utf8), 0xE306_9283),
    ([], 0),
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E),
  ]

  @Test(arguments: published)
  func checksumIsThePublishedOne(bytes: [UInt8], expected: UInt32) {
    #expect(CRC32C.checksum(bytes) == expected)
    #expect(EventReader.crc(bytes) == expected)
    #expect(CRC32C.masked(bytes) == EventReader.masked(bytes))
  }

  @Test func fieldsAreEncodedAsInTheFormatsDescription() {
    // The first two stand in protobuf's own guide.
    var writer = ProtobufWriter()
    writer.integer(150, field: 1)
    writer.string("testing", field: 2)
    #expect(writer.bytes == [0x08, 0x96, 0x01, 0x12, 0x07] + Array("testing".utf8))
    writer = ProtobufWriter()
    writer.integer(-2, field: 16)
    #expect(writer.bytes == [0x80, 0x01, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01])
    writer = ProtobufWriter()
    writer.message(field: 3) { $0.float(1, field: 1) }
    writer.double(-2, field: 4)
    #expect(writer.bytes == [0x1A, 5, 0x0D, 0, 0, 0x80, 0x3F, 0x21, 0, 0, 0, 0, 0, 0, 0, 0xC0])
  }

  @Test func aLongFieldHasALongLength() {
    var writer = ProtobufWriter()
    writer.data([UInt8](repeating: 7, count: 300), field: 2)
    #expect(Array(writer.bytes.prefix(3)) == [0x12, 0xAC, 0x02])
    #expect(writer.bytes.count == 303)
  }

  @Test func scalarsImagesAndTextAreReadBack() throws {
    let file = try EventFile(in: folder, wallTime: 1_700_000_000.25)
    try file.write(scalars: [("loss/G_A", 0.5), ("loss/D", .infinity)], step: 7, wallTime: 1_700_000_001.5)
    // Longer than 64 KiB, with every byte: lengths of three bytes, and nothing taken for text.
    let png = Data((0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try file.write(
      image: .init(png: png, height: 3, width: 500, colorspace: .gray), tag: "pictures", step: 1 << 33, wallTime: 2)
    try file.write(text: "**größer**", tag: "note", step: 8, wallTime: 3)

    let events = try EventReader.events(file.url)
    #expect(events.count == 4)
    #expect(events.map { $0.integer(2) } == [0, 7, 1 << 33, 8])
    #expect(events.map { $0.double(1) } == [1_700_000_000.25, 1_700_000_001.5, 2, 3])
    #expect(events[0].string(3) == "brain.Event:2")
    #expect(events.allSatisfy { $0.bytes(7) == nil })

    let scalars = try #require(try events[1].messages(5).first).messages(1)
    #expect(scalars.map { $0.string(1) } == ["loss/G_A", "loss/D"])
    #expect(scalars.map { $0.float(2) } == [0.5, .infinity])

    let picture = try #require(try events[2].messages(5).first?.messages(1).first)
    #expect(picture.string(1) == "pictures")
    let image = try #require(try picture.messages(4).first)
    #expect([image.integer(1), image.integer(2), image.integer(3)] == [3, 500, 1])
    #expect(image.bytes(4).map { Data($0) } == png)

    let text = try #require(try events[3].messages(5).first?.messages(1).first)
    let tensor = try #require(try text.messages(8).first)
    #expect(tensor.integer(1) == 7)
    #expect(tensor.string(8) == "**größer**")
    #expect(try tensor.messages(2).first?.messages(2).first?.integer(1) == 1)
    #expect(try text.messages(9).first?.messages(1).first?.string(1) == "text")
  }

  @Test func aResumedRunMarksTheFirstStepToCome() throws {
    let file = try EventFile(in: folder, wallTime: 5, resumedStep: 40)
    let events = try EventReader.events(file.url)
    #expect(events.count == 2)
    #expect(events[1].integer(2) == 41)
    #expect(try events[1].messages(7).first?.integer(1) == 1)
  }

  /// TensorBoard reads files by name: a clock that stands still or goes back must not change the order.
  @Test func laterFilesSortBehindEarlierOnes() throws {
    try Data().write(to: folder.appendingPathComponent("notes.txt"))
    let names = try [1_700_000_000.9, 1_700_000_000.9, 1_600_000_000, 1_700_000_002].map {
      try EventFile(in: folder, wallTime: $0).url.lastPathComponent
    }
    #expect(names.first == "events.out.tfevents.1700000000.patina.0000")
    #expect(names == names.sorted())
    #expect(Set(names).count == names.count)
  }

  @Test func aMissingFolderIsNamed() {
    let missing = folder.appendingPathComponent("none")
    #expect { try EventFile(in: missing, wallTime: 0) } throws: { ($0 as? InputError)?.place == missing.path }
  }
}
