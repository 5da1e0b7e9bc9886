import Files
import Foundation
import Images

/// What the values of masks mean.
public enum MaskValues: Sendable, Equatable {
  /// Above the threshold: defect.
  case binary(above: UInt8)
  /// The number of a class, 0 for none and 255 for pixels that belong to nothing; names of the classes 1, 2, …, nil: those of
  /// classes.txt.
  case index(names: [String]?)
  /// A colour for each class, black for none.
  case colours([Colour])

  /// A class and its colour in masks.
  public struct Colour: Sendable, Equatable {
    public let name: String
    /// `r << 16 | g << 8 | b`.
    public let value: Int

    public init(name: String, value: Int) {
      self.name = name
      self.value = value
    }

    /// Reads `Crack=#ff0000,Hole=#00ff00`.
    ///
    /// - Throws: `InputError` for anything else, and for names, colours or black given twice.
    public static func list(_ text: String) throws -> [Colour] {
      let colours = try text.split(separator: ",").map { part in
        let sides = part.split(separator: "=", maxSplits: 1)
        guard sides.count == 2, sides[1].hasPrefix("#"), sides[1].count == 7,
          let value = Int(sides[1].dropFirst(), radix: 16), value > 0
        else {
          throw InputError(
            at: "--colours", expected: "names with colours other than black, such as Crack=#ff0000,Hole=#00ff00",
            found: "'\(part)'")
        }
        return Colour(name: String(sides[0]), value: value)
      }
      guard !colours.isEmpty, Set(colours.map(\.value)).count == colours.count,
        Set(colours.map(\.name)).count == colours.count
      else { throw InputError(at: "--colours", expected: "each name and colour once", found: "'\(text)'") }
      return colours
    }
  }
}

/// A mask whose values are classes.
struct ClassMask {
  let width: Int
  let height: Int
  /// 0 for none, row by row.
  private let classes: [UInt16]

  /// Value in index masks for pixels that belong to no class and are not clean either (Pascal VOC's borders).
  static let void = 255

  /// - Parameter colours: of the classes 1, 2, …; nil: values are the classes' numbers.
  /// - Throws: `InputError` naming `place` for files that are no masks of that kind.
  init(_ file: Data, at place: String, colours: [Int]?, pixelLimit: Int = Image.defaultPixelLimit) throws {
    let image = try Image(decoding: file, at: place, pixelLimit: pixelLimit)
    width = image.width
    height = image.height
    let palette = colours == nil ? PNGPalette(of: file)?.colours : nil
    if let values = colours.map({ $0.enumerated().map { ($0.element, $0.offset + 1) } + [(0, 0)] })
      ?? palette?.enumerated().map({ ($0.element, $0.offset) })
    {
      let byColour = Dictionary(values, uniquingKeysWith: { first, _ in first })
      let bytes = image.eightBit().colour().bytes
      classes = try (0..<width * height).map { pixel in
        let colour = Int(bytes[3 * pixel]) << 16 | Int(bytes[3 * pixel + 1]) << 8 | Int(bytes[3 * pixel + 2])
        guard let found = byColour[colour] else {
          let text = String(colour, radix: 16)
          throw InputError(
            at: place, expected: "black and the colours of classes",
            found: "#\(String(repeating: "0", count: 6 - text.count))\(text) at (\(pixel % image.width), \(pixel / image.width))")
        }
        return UInt16(found)
      }
      return
    }
    guard image.channels == 1 else {
      throw InputError(
        at: place, expected: "a mask of numbers, grey or with a palette", found: "colours",
        remedy: "Name the colours of the classes with --colours")
    }
    switch image.samples {
    case .eight(let values): classes = values.map(UInt16.init)
    case .sixteen(let values): classes = values
    }
  }

  /// All values that occur but 0, ascending.
  var values: [Int] { Set(classes).subtracting([0]).map(Int.init).sorted() }

  /// The pixels of each class.
  ///
  /// - Throws: `InputError` naming `place` for a class without a name.
  func labels(names: [String], at place: String) throws -> ImportLabels {
    var runs: [Int: [RunLengthCode.Run]] = [:]
    for x in 0..<width {
      var start = 0
      while start < height {
        let value = classes[start * width + x]
        var end = start + 1
        while end < height, classes[end * width + x] == value { end += 1 }
        if value > 0 { runs[Int(value), default: []].append(.init(start: x * height + start, count: end - start)) }
        start = end
      }
    }
    let marks = try runs.sorted { $0.key < $1.key }.compactMap { value, runs -> ImportMark? in
      guard value <= names.count else {
        if value == Self.void { return nil }
        throw InputError(at: place, expected: "values up to \(names.count), a name for each", found: "\(value)")
      }
      return ImportMark(names[value - 1], .code(try RunLengthCode(width: width, height: height, runs: runs)))
    }
    return ImportLabels(marks: marks, width: width, height: height)
  }
}
