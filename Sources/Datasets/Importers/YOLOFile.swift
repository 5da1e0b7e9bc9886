import Files
import Foundation
import Images

/// YOLO's labels of one image: a line for each object, its class and then a box or an outline in shares of width and height.
public struct YOLOFile: Equatable, Sendable {
  public struct Object: Equatable, Sendable {
    /// From 0 on.
    public let classID: Int
    public let place: ImportMark.Place
  }

  public let objects: [Object]

  /// Numbers are shares; what lies a little beyond the image is cut off later, but no share is ever as large as this.
  private static let shareLimit = 2.0

  /// - Throws: `InputError` naming `place` with the line that is neither a box (class, centre x, centre y, width, height) nor
  ///   an outline (class and at least three corners).
  public static func parse(_ data: Data, at place: String) throws -> YOLOFile {
    YOLOFile(
      objects: try TextFile.lines(data, at: place).map { number, line in
        try object(line, at: "\(place): line \(number)")
      })
  }

  private static func object(_ line: Substring, at place: String) throws -> Object {
    let words = line.split { $0 == " " || $0 == "\t" }
    guard let classID = words.first.flatMap(classID) else {
      throw InputError(at: place, expected: "a class from 0 on", found: "'\(words.first?.prefix(20) ?? "")'")
    }
    let numbers = try words.dropFirst().map { word in
      guard let number = Double(word), abs(number) <= shareLimit else {
        throw InputError(at: place, expected: "shares of the image from 0 to 1", found: "'\(word.prefix(20))'")
      }
      return number
    }
    if numbers.count == 4 {
      let (x, y, width, height) = (numbers[0], numbers[1], numbers[2], numbers[3])
      return Object(
        classID: classID, place: .relativeBox(.init(x: x - width / 2, y: y - height / 2, width: width, height: height)))
    }
    guard numbers.count >= 6, numbers.count % 2 == 0 else {
      throw InputError(
        at: place, expected: "4 numbers of a box, or pairs of an outline's 3 or more corners",
        found: "\(numbers.count) numbers",
        remedy: numbers.count == 5 ? "A fifth number is a prediction's confidence: these are no labels" : "")
    }
    let corners = stride(from: 0, to: numbers.count, by: 2).map {
      RunLengthCode.Corner(x: numbers[$0], y: numbers[$0 + 1])
    }
    return Object(classID: classID, place: .relativeOutlines([corners]))
  }

  /// Some tools write classes as 3.0.
  private static func classID(_ word: Substring) -> Int? {
    let id = Int(word) ?? Double(word).flatMap { Int(exactly: $0) }
    return id.flatMap { (0...9999).contains($0) ? $0 : nil }
  }
}
