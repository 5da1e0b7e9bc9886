import Files
import Foundation
import Images

/// The table of the Severstal steel competition: a row for each image and class, its mask as run lengths.
///
/// Both public layouts are read: `ImageId,ClassId,EncodedPixels` with rows for defects alone, and
/// `ImageId_ClassId,EncodedPixels` with a row for every class of every image, empty where there is no such defect.
public struct SeverstalTable: Equatable, Sendable {
  public struct Row: Equatable, Sendable {
    /// Of the table, from 1 on.
    public let line: Int
    public let image: String
    /// From 1 on.
    public let classID: Int
    /// Pairs of first pixel and length as they stand there; empty for no defect.
    public let runs: String
  }

  public let rows: [Row]

  /// The first lines of both layouts.
  static let heads = ["ImageId,ClassId,EncodedPixels", "ImageId_ClassId,EncodedPixels"]

  /// - Throws: `InputError` naming `place` with the line that is not as it must be.
  public static func parse(_ data: Data, at place: String) throws -> SeverstalTable {
    let lines = try TextFile.lines(data, at: place)
    let head = lines.first.map { $0.text.filter { $0 != " " && $0 != "\"" } } ?? ""
    guard heads.contains(head) else {
      throw InputError(
        at: place, expected: "a first line \(heads.joined(separator: " or "))", found: "'\(head.prefix(100))'")
    }
    let isJoined = head == heads[1]
    let rows = try lines.dropFirst().map { number, line in
      let place = "\(place): line \(number)"
      // The last columns hold no comma, so that an image's name may.
      let fields = fields(of: line, count: isJoined ? 2 : 3)
      guard fields.count == (isJoined ? 2 : 3) else {
        throw InputError(at: place, expected: head, found: "'\(line.prefix(100))'")
      }
      var image = fields[0]
      var id = fields[1]
      if isJoined {
        guard let underline = image.lastIndex(of: "_") else {
          throw InputError(at: place, expected: "an image and a class, such as a.jpg_1", found: "'\(image.prefix(100))'")
        }
        id = image[image.index(after: underline)...]
        image = image[..<underline]
      }
      guard let classID = Int(id), (1...10_000).contains(classID), !image.isEmpty else {
        throw InputError(
          at: place, expected: "an image and a class from 1 on", found: "'\(image.prefix(100))' and '\(id.prefix(20))'")
      }
      return Row(line: number, image: String(image), classID: classID, runs: String(fields[isJoined ? 1 : 2]))
    }
    return SeverstalTable(rows: rows)
  }

  /// Runs of pixels out of Severstal's text, 1-based there and 0-based here.
  ///
  /// - Throws: `RunLengthCode.Problem` for anything but pairs of a first pixel, from 1 on, and a length.
  public static func runs(_ text: String) throws -> [RunLengthCode.Run] {
    let numbers = try text.split { $0 == " " || $0 == "\t" }.map { word in
      guard let number = Int(word), number >= 1 else {
        throw RunLengthCode.Problem("'\(word.prefix(20))' among run lengths")
      }
      return number
    }
    guard !numbers.isEmpty, numbers.count % 2 == 0 else {
      throw RunLengthCode.Problem("\(numbers.count) run lengths instead of pairs")
    }
    return stride(from: 0, to: numbers.count, by: 2).map { .init(start: numbers[$0] - 1, count: numbers[$0 + 1]) }
  }

  private static func fields(of line: Substring, count: Int) -> [Substring] {
    var rest = line
    var fields: [Substring] = []
    while fields.count < count - 1, let comma = rest.lastIndex(of: ",") {
      fields.append(trimmed(rest[rest.index(after: comma)...]))
      rest = rest[..<comma]
    }
    fields.append(trimmed(rest))
    return fields.reversed()
  }

  /// Without blanks and one pair of quotes around.
  private static func trimmed(_ field: Substring) -> Substring {
    let field = field.trimmingPrefix { $0 == " " }
    guard field.count > 1, field.first == "\"", field.last == "\"" else { return field }
    return field.dropFirst().dropLast()
  }
}
