import Files
import Foundation
import Images

/// A Pascal VOC annotation: one XML file for each image.
public struct VOCFile: Equatable, Sendable {
  public struct Object: Equatable, Sendable {
    public let name: String
    /// As it stands there: `xmin, ymin, xmax, ymax`.
    public let corners: [Double]
  }

  /// The image's name as it stands there; nil without one.
  public let fileName: String?
  public let width: Int?
  public let height: Int?
  public let objects: [Object]

  /// - Throws: `InputError` naming `place` for anything but an `annotation` whose objects have a name and four numbers.
  public static func parse(_ data: Data, at place: String) throws -> VOCFile {
    let root = try XMLElement.parse(data, at: place)
    guard root.name == "annotation" else {
      throw InputError(at: place, expected: "an <annotation>", found: "<\(root.name)>")
    }
    let objects = try root.children.filter { $0.name == "object" }.enumerated().map { index, object in
      let place = "\(place): object \(index + 1)"
      guard let name = object.child("name")?.text, DatasetForm.problem(inName: name) == nil else {
        throw InputError(at: place, expected: "a <name>", found: "none")
      }
      guard let box = object.child("bndbox") else {
        throw InputError(at: place, expected: "a <bndbox>", found: "none")
      }
      let corners = try ["xmin", "ymin", "xmax", "ymax"].map { key in
        let text = box.child(key)?.text ?? ""
        guard let number = Double(text), number.isFinite else {
          throw InputError(at: place, expected: "a number in <\(key)>", found: "'\(text.prefix(40))'")
        }
        return number
      }
      return Object(name: name, corners: corners)
    }
    let size = root.child("size")
    // Some tools write 0 for a size that they do not know.
    func side(_ key: String) -> Int? { size?.child(key).flatMap { Int($0.text) }.flatMap { $0 > 0 ? $0 : nil } }
    let name = root.child("filename")?.text ?? ""
    return VOCFile(fileName: name.isEmpty ? nil : name, width: side("width"), height: side("height"), objects: objects)
  }

  /// As labels of the image.
  ///
  /// - Parameter countsFromOne: whether pixels are counted from 1 on and the last one belongs to the box, as VOC has it;
  ///   otherwise the numbers are the box's edges from 0 on.
  public func labels(countsFromOne: Bool) -> ImportLabels {
    let marks = objects.map { object in
      let (left, top) = (object.corners[0], object.corners[1])
      let one = countsFromOne ? 1.0 : 0
      return ImportMark(
        object.name,
        .box(.init(x: left - one, y: top - one, width: object.corners[2] - left + one,
          height: object.corners[3] - top + one)))
    }
    return ImportLabels(marks: marks, width: width, height: height)
  }
}
