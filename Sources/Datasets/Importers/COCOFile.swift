import Files
import Foundation
import Images

/// COCO's JSON of objects: images, annotations with boxes, outlines or run lengths, and categories.
///
/// Other keys are passed over. A value that cannot be is kept as what is wrong with its annotation, so that one bad
/// annotation does not cost the whole file.
public struct COCOFile: Decodable, Sendable {
  public struct Info: Decodable, Sendable {
    /// Patina's own addition: the class of images without annotations.
    public let cleanName: String?

    private enum CodingKeys: String, CodingKey { case cleanName = "clean_name" }
  }

  public struct Picture: Decodable, Sendable {
    public let id: Int
    public let fileName: String
    public let width: Int?
    public let height: Int?

    private enum CodingKeys: String, CodingKey {
      case id, width, height
      case fileName = "file_name"
    }
  }

  public struct Kind: Decodable, Sendable {
    public let id: Int
    public let name: String
  }

  public struct Mark: Decodable, Sendable {
    public let id: Int?
    public let imageID: Int
    public let categoryID: Int
    /// Left, top, width and height.
    public let box: [Double]?
    public let segmentation: Segmentation?

    private enum CodingKeys: String, CodingKey {
      case id, segmentation
      case imageID = "image_id"
      case categoryID = "category_id"
      case box = "bbox"
    }
  }

  public enum Segmentation: Decodable, Sendable {
    case outlines([[Double]])
    case code(RunLengthCode)
    case bad(String)

    public init(from decoder: any Decoder) throws {
      if let outlines = try? decoder.singleValueContainer().decode([[Double]].self) {
        self = .outlines(outlines)
        return
      }
      do {
        self = .code(try RunLengthCode(from: decoder))
      } catch DecodingError.dataCorrupted(let context) {
        self = .bad(context.debugDescription)
      } catch {
        self = .bad("neither outlines nor run lengths")
      }
    }
  }

  public let info: Info?
  public let images: [Picture]
  public let annotations: [Mark]
  public let categories: [Kind]

  private enum CodingKeys: String, CodingKey { case info, images, annotations, categories }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    info = try? keys.decodeIfPresent(Info.self, forKey: .info)
    images = try keys.decode([Picture].self, forKey: .images)
    annotations = try keys.decodeIfPresent([Mark].self, forKey: .annotations) ?? []
    categories = try keys.decodeIfPresent([Kind].self, forKey: .categories) ?? []
  }

  /// - Throws: `InputError` naming `place` for what is no such file, is nested too deep, or has ids that cannot be told apart.
  public static func parse(_ data: Data, at place: String) throws -> COCOFile {
    let file = try JSONFile.decode(COCOFile.self, from: data, at: place)
    var names: [Int: String] = [:]
    for kind in file.categories {
      if let problem = DatasetForm.problem(inName: kind.name) {
        throw InputError(at: "\(place): categories", expected: "names", found: problem)
      }
      if let other = names.updateValue(kind.name, forKey: kind.id), other != kind.name {
        throw InputError(
          at: "\(place): categories", expected: "one name for the id \(kind.id)", found: "'\(other)' and '\(kind.name)'")
      }
    }
    var pictures: [Int: String] = [:]
    for picture in file.images {
      if let other = pictures.updateValue(picture.fileName, forKey: picture.id), other != picture.fileName {
        throw InputError(
          at: "\(place): images", expected: "one image for the id \(picture.id)",
          found: "'\(other)' and '\(picture.fileName)'")
      }
    }
    return file
  }
}

extension COCOFile.Mark {
  /// Where the object is: outlines or run lengths, else the box.
  ///
  /// - Throws: `RunLengthCode.Problem` for what cannot be.
  var place: ImportMark.Place {
    get throws {
      switch segmentation {
      case .outlines(let outlines) where !outlines.isEmpty:
        return .outlines(
          try outlines.map { numbers in
            guard numbers.count >= 6, numbers.count % 2 == 0 else {
              throw RunLengthCode.Problem("an outline of \(numbers.count) numbers")
            }
            return stride(from: 0, to: numbers.count, by: 2).map { .init(x: numbers[$0], y: numbers[$0 + 1]) }
          })
      case .code(let code) where code.area > 0: return .code(code)
      case .bad(let text): throw RunLengthCode.Problem(text)
      default: break
      }
      guard let box, box.count == 4 else {
        throw RunLengthCode.Problem(box.map { "a box of \($0.count) numbers" } ?? "no box and no outline")
      }
      guard box.allSatisfy(\.isFinite) else { throw RunLengthCode.Problem("the box \(box)") }
      return .box(.init(x: box[0], y: box[1], width: box[2], height: box[3]))
    }
  }
}
