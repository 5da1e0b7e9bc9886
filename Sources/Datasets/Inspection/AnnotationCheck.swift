import Foundation
import Images

/// One entry of the list of annotations, looked at without trust.
struct AnnotationCheck {
  enum Outcome {
    case good(Annotation, imageID: Int)
    case bad(Complaints.Kind, String)
  }

  let outcome: Outcome
  /// The image's file name, where the entry names one that is known.
  let images: [String]

  init(
    _ element: Any, place: String, images: [Int: DatasetForm.Annotations.Picture], categories: Set<Int>
  ) {
    let entry = element as? [String: Any] ?? [:]
    let picture = (entry["image_id"] as? Int).flatMap { images[$0] }
    self.images = picture.map { [$0.fileName] } ?? []
    outcome = Self.outcome(entry, place, picture, categories)
  }

  private static func outcome(
    _ entry: [String: Any], _ place: String, _ picture: DatasetForm.Annotations.Picture?, _ categories: Set<Int>
  ) -> Outcome {
    guard let id = entry["id"] as? Int else { return .bad(.table, "\(place) has no id") }
    guard let picture else { return .bad(.table, "annotation \(id) is of no image that is known") }
    guard let category = entry["category_id"] as? Int, categories.contains(category) else {
      return .bad(.label, "annotation \(id) is of a class that is not listed: \(text(entry["category_id"]))")
    }
    let size = "\(picture.width) × \(picture.height)"
    guard let numbers = entry["bbox"] as? [Any], numbers.count == 4 else {
      return .bad(.box, "annotation \(id) has no box of 4 numbers")
    }
    let values = numbers.compactMap { $0 as? Double }
    guard values.count == 4, values.allSatisfy(\.isFinite) else {
      return .bad(.box, "the box of annotation \(id) holds what is no number: \(text(numbers))")
    }
    let box = Annotation.Box(x: values[0], y: values[1], width: values[2], height: values[3])
    guard box.width > 0, box.height > 0 else {
      return .bad(.box, "the box of annotation \(id) is empty: \(text(numbers))")
    }
    guard box.lies(withinWidth: picture.width, height: picture.height) else {
      return .bad(.box, "the box of annotation \(id) leaves the image of \(size): \(text(numbers))")
    }
    var code: RunLengthCode?
    if let value = entry["segmentation"], !(value is NSNull) {
      switch mask(value, id, picture) {
      case .success(let mask): code = mask
      case .failure(let problem): return .bad(.mask, problem.text)
      }
    }
    guard let area = entry["area"] as? Double, area.isFinite, area > 0,
      area <= Double(picture.width) * Double(picture.height)
    else { return .bad(.mask, "the area of annotation \(id) is none within the image: \(text(entry["area"]))") }
    return .good(
      Annotation(id: id, categoryID: category, box: box, area: area, segmentation: code), imageID: picture.id)
  }

  private struct MaskProblem: Error { let text: String }

  private static func mask(
    _ value: Any, _ id: Int, _ picture: DatasetForm.Annotations.Picture
  ) -> Result<RunLengthCode, MaskProblem> {
    guard JSONSerialization.isValidJSONObject(value), let data = try? JSONSerialization.data(withJSONObject: value)
    else { return .failure(MaskProblem(text: "the mask of annotation \(id) is no run-length code")) }
    let code: RunLengthCode
    do { code = try JSONDecoder().decode(RunLengthCode.self, from: data) } catch {
      let reason: String
      if case DecodingError.dataCorrupted(let context)? = error as? DecodingError {
        reason = context.debugDescription
      } else {
        reason = "not of the form {counts, size}"
      }
      return .failure(MaskProblem(text: "the mask of annotation \(id) cannot be read: \(reason)"))
    }
    guard (code.width, code.height) == (picture.width, picture.height) else {
      return .failure(
        MaskProblem(
          text: "the mask of annotation \(id) is \(code.width) × \(code.height), its image "
            + "\(picture.width) × \(picture.height)"))
    }
    guard code.area > 0 else { return .failure(MaskProblem(text: "the mask of annotation \(id) is empty")) }
    return .success(code)
  }

  /// A value as it stood in the file, shortened.
  private static func text(_ value: Any?) -> String {
    guard let value, !(value is NSNull) else { return "none, or no number" }
    if let list = value as? [Any] {
      return "["
        + list.prefix(8).map { $0 is NSNull ? "not a number" : String("\($0)".prefix(24)) }.joined(separator: ", ")
        + "]"
    }
    return String("\(value)".prefix(60))
  }
}
