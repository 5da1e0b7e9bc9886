import Files
import Foundation
import Images

/// A data set opened for inspection: as it is where it is whole, otherwise as much of it as can be understood, with a
/// complaint about each part that cannot.
///
/// All other commands refuse such a data set at its first fault; here all faults are wanted.
public struct OpenedDataset: Sendable {
  public let dataset: Dataset
  let complaints: Complaints

  /// - Throws: `InputError` when the folder holds no annotations.json that can be read as JSON at all.
  public init(at folder: URL) throws {
    do {
      dataset = try Dataset(at: folder)
      complaints = Complaints()
    } catch let refusal as InputError {
      let url = folder.appendingPathComponent(DatasetForm.annotations)
      guard FileManager.default.fileExists(atPath: url.path) else { throw refusal }
      var reader = LenientReader(folder: folder)
      dataset = try reader.read()
      // What stops the others must never pass as sound.
      if reader.complaints.isEmpty { reader.complaints.add(.table, [], "\(refusal)") }
      complaints = reader.complaints
    }
  }
}

/// Reads what it can of a data set's files, and says of the rest what is wrong.
private struct LenientReader {
  let folder: URL
  var complaints = Complaints()

  init(folder: URL) { self.folder = folder }

  mutating func read() throws -> Dataset {
    let url = folder.appendingPathComponent(DatasetForm.annotations)
    let data = NonFiniteNumbers.asNull(in: try FileBytes.all(of: url.path))
    guard let top = try? JSONSerialization.jsonObject(with: data), let table = top as? [String: Any] else {
      throw InputError(at: url.path, expected: "an object in JSON", found: "something else")
    }
    let info = table["info"] as? [String: Any]
    var cleanName = info?["clean_name"] as? String ?? ""
    if let problem = DatasetForm.problem(inName: cleanName) {
      complaints.add(.table, [], "info.clean_name is \(problem)")
      cleanName = "clean"
    }
    let categories = categories(table["categories"], cleanName: cleanName)
    let pictures = pictures(table["images"])
    let annotations = annotations(table["annotations"], pictures, categories)
    let splits = splits(pictures)
    let origins = origins()
    let images = pictures.sorted { $0.fileName < $1.fileName }.map { picture in
      var origin = origins[picture.fileName]
      if let known = origin, ContentDigest(known.sha256) == nil || known.group.isEmpty {
        complaints.add(.table, [picture.fileName], "provenance.json names no SHA-256 or no group")
        origin = nil
      }
      return DatasetImage(
        id: picture.id, fileName: picture.fileName, width: picture.width, height: picture.height,
        annotations: annotations[picture.id] ?? [],
        provenance: origin ?? Provenance(source: picture.fileName, group: picture.fileName),
        split: splits[picture.fileName])
    }
    for image in images where origins[image.fileName] == nil {
      complaints.add(.table, [image.fileName], "not in provenance.json")
    }
    return Dataset(
      folder: folder,
      head: DatasetHead(
        description: info?["description"] as? String ?? "", cleanName: cleanName, categories: categories),
      images: images)
  }

  /// One element of a list, as a type; nil, with a complaint, where it is of another form.
  private mutating func decoded<Value: Decodable>(_ type: Value.Type, _ element: Any, _ place: String) -> Value? {
    guard JSONSerialization.isValidJSONObject(element), let data = try? JSONSerialization.data(withJSONObject: element)
    else {
      complaints.add(.table, [], "\(place) is no object")
      return nil
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      complaints.add(.table, [], "\(place): \(JSONFile.explain(error))")
    } catch {
      complaints.add(.table, [], "\(place): \(error)")
    }
    return nil
  }

  private mutating func list(_ value: Any?, _ key: String) -> [Any] {
    if let list = value as? [Any] { return list }
    complaints.add(.table, [], "no list '\(key)' in annotations.json")
    return []
  }

  private mutating func categories(_ value: Any?, cleanName: String) -> [Category] {
    var ids: Set<Int> = []
    var names: Set<String> = [cleanName]
    var result: [Category] = []
    for (index, element) in list(value, "categories").enumerated() {
      guard let category = decoded(Category.self, element, "categories[\(index)]") else { continue }
      if let problem = DatasetForm.problem(inName: category.name) {
        complaints.add(.table, [], "categories[\(index)] has \(problem)")
      } else if ids.insert(category.id).inserted, names.insert(category.name).inserted {
        result.append(category)
      } else {
        complaints.add(.table, [], "categories[\(index)], '\(category.name)', repeats an id or a name")
      }
    }
    return result.sorted { $0.id < $1.id }
  }

  private mutating func pictures(_ value: Any?) -> [DatasetForm.Annotations.Picture] {
    let root = folder.appendingPathComponent(DatasetForm.images).resolvingSymlinksInPath().path + "/"
    var ids: Set<Int> = []
    var names: Set<String> = []
    var result: [DatasetForm.Annotations.Picture] = []
    for (index, element) in list(value, "images").enumerated() {
      guard let picture = decoded(DatasetForm.Annotations.Picture.self, element, "images[\(index)]") else { continue }
      if let problem = DatasetForm.problem(inPath: picture.fileName) {
        complaints.add(.table, [], "images[\(index)] has \(problem)")
        continue
      }
      let (pixels, overflow) = picture.width.multipliedReportingOverflow(by: picture.height)
      guard picture.width > 0, picture.height > 0, !overflow, pixels <= Image.defaultPixelLimit else {
        complaints.add(.table, [], "'\(picture.fileName)' is said to be \(picture.width) × \(picture.height) pixels")
        continue
      }
      guard ids.insert(picture.id).inserted, names.insert(picture.fileName).inserted else {
        complaints.add(.table, [picture.fileName], "listed twice, or under the id of another image")
        continue
      }
      let real = URL(fileURLWithPath: root + picture.fileName).resolvingSymlinksInPath().path
      guard real.hasPrefix(root) else {
        complaints.add(.missing, [], "'\(picture.fileName)' is a link that leads out of images/")
        continue
      }
      guard FileManager.default.fileExists(atPath: real) else {
        complaints.add(.missing, [], "'\(picture.fileName)' is listed and not there")
        continue
      }
      result.append(picture)
    }
    return result
  }

  private mutating func annotations(
    _ value: Any?, _ pictures: [DatasetForm.Annotations.Picture], _ categories: [Category]
  ) -> [Int: [Annotation]] {
    let byID = Dictionary(pictures.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let known = Set(categories.map(\.id))
    var ids: Set<Int> = []
    var result: [Int: [Annotation]] = [:]
    for (index, element) in list(value, "annotations").enumerated() {
      let check = AnnotationCheck(element, place: "annotations[\(index)]", images: byID, categories: known)
      switch check.outcome {
      case .good(let annotation, let imageID):
        if ids.insert(annotation.id).inserted {
          result[imageID, default: []].append(annotation)
        } else {
          complaints.add(.table, check.images, "annotation id \(annotation.id) is used twice")
        }
      case .bad(let kind, let text): complaints.add(kind, check.images, text)
      }
    }
    return result.mapValues { $0.sorted { $0.id < $1.id } }
  }

  private mutating func splits(_ pictures: [DatasetForm.Annotations.Picture]) -> [String: Split] {
    let known = Set(pictures.map(\.fileName))
    let url = folder.appendingPathComponent(DatasetForm.splits)
    let form: DatasetForm.Splits
    do { form = try JSONFile.read(DatasetForm.Splits.self, from: url) } catch {
      complaints.add(.table, [], "\(error)")
      return [:]
    }
    var result: [String: Split] = [:]
    for split in Split.allCases {
      for name in form.splits[split] ?? [] {
        guard known.contains(name) else {
          complaints.add(.missing, [], "'\(name)' stands in splits.json and is no image of the data set")
          continue
        }
        if let other = result.updateValue(split, forKey: name) {
          complaints.add(.split, [name], "in \(other.rawValue) and in \(split.rawValue)")
        }
      }
    }
    return result
  }

  private mutating func origins() -> [String: Provenance] {
    do {
      return try JSONFile.read(
        DatasetForm.Origins.self, from: folder.appendingPathComponent(DatasetForm.provenance)
      ).images
    } catch {
      complaints.add(.table, [], "\(error)")
      return [:]
    }
  }
}
