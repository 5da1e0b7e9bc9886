import Files
import Foundation
import Images

/// LabelMe's JSON of one image: shapes with a label and corners in pixels.
public struct LabelMeFile: Equatable, Sendable {
  /// The image's path as it stands there, from the JSON's own folder.
  public let imagePath: String?
  public let width: Int?
  public let height: Int?
  public let marks: [ImportMark]

  /// A circle becomes an outline of that many corners.
  private static let circleCorners = 128

  private struct Form: Decodable {
    struct Shape: Decodable {
      let label: String
      let points: [[Double]]
      let groupID: Int?
      let kind: String?
      let mask: String?

      enum CodingKeys: String, CodingKey {
        case label, points, mask
        case groupID = "group_id"
        case kind = "shape_type"
      }
    }
    let shapes: [Shape]
    let imagePath: String?
    let imageWidth: Int?
    let imageHeight: Int?
  }

  /// Outlines of one label and group are one object. Lines and points enclose nothing and are refused.
  ///
  /// - Throws: `InputError` naming `place` for what is no such file, or has a shape that is no object's area.
  public static func parse(_ data: Data, at place: String) throws -> LabelMeFile {
    let form = try JSONFile.decode(Form.self, from: data, at: place)
    var marks: [ImportMark] = []
    var groups: [String: Int] = [:]
    for (index, shape) in form.shapes.enumerated() {
      let mark = try mark(shape, at: "\(place): shape \(index + 1)")
      if let group = shape.groupID, case .outlines(let more) = mark.place {
        let key = "\(group) \(shape.label)"
        if let known = groups[key], case .outlines(let outlines) = marks[known].place {
          marks[known] = ImportMark(mark.category, .outlines(outlines + more))
          continue
        }
        groups[key] = marks.count
      }
      marks.append(mark)
    }
    return LabelMeFile(
      imagePath: form.imagePath, width: form.imageWidth, height: form.imageHeight, marks: marks)
  }

  private static func mark(_ shape: Form.Shape, at place: String) throws -> ImportMark {
    if let problem = DatasetForm.problem(inName: shape.label) {
      throw InputError(at: place, expected: "a label", found: problem)
    }
    let corners = try shape.points.map { point in
      guard point.count == 2, point.allSatisfy({ abs($0) <= 1e9 }) else {
        throw InputError(at: place, expected: "points of two numbers in pixels", found: "\(point.prefix(4))")
      }
      return RunLengthCode.Corner(x: point[0], y: point[1])
    }
    func need(_ count: ClosedRange<Int>) throws {
      guard count.contains(corners.count) else {
        throw InputError(at: place, expected: "\(count.lowerBound) points or more", found: "\(corners.count)")
      }
    }
    let kind = shape.kind ?? "polygon"
    switch kind {
    case "polygon":
      try need(3...Int.max)
      return ImportMark(shape.label, .outlines([corners]))
    case "rectangle":
      try need(2...4)
      let (xs, ys) = (corners.map(\.x), corners.map(\.y))
      let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
      return ImportMark(
        shape.label, .box(.init(x: left, y: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)))
    case "circle":
      try need(2...2)
      let (centre, edge) = (corners[0], corners[1])
      let radius = ((edge.x - centre.x) * (edge.x - centre.x) + (edge.y - centre.y) * (edge.y - centre.y)).squareRoot()
      let outline = (0..<circleCorners).map { corner -> RunLengthCode.Corner in
        let angle = 2 * Double.pi * Double(corner) / Double(circleCorners)
        return .init(x: centre.x + radius * cos(angle), y: centre.y + radius * sin(angle))
      }
      return ImportMark(shape.label, .outlines([outline]))
    case "mask":
      try need(1...2)
      guard let file = shape.mask.flatMap({ Data(base64Encoded: $0) }) else {
        throw InputError(at: place, expected: "a mask in base 64", found: "none")
      }
      let mask = Mask(thresholding: try Image(decoding: file, at: "\(place): mask"), above: 0)
      return ImportMark(
        shape.label, .patch(RunLengthCode(mask), x: Int(corners[0].x.rounded()), y: Int(corners[0].y.rounded())))
    default:
      throw InputError(
        at: place, expected: "a polygon, rectangle, circle or mask", found: "a \(kind.prefix(40)), which encloses nothing",
        remedy: "Draw an outline in its place, or remove it")
    }
  }
}
