import Datasets
import Files
import Images

/// A window, and where in it a defect of a class is or shall be: what a translator's networks see that are conditioned on masks.
struct MaskedWindow {
  /// 8 bits, of the networks' channels.
  let image: Image
  /// The soft mask: 1 within the defect, falling to 0 around it.
  let weights: [Float]
  let category: String
}

extension Translator {
  /// A part of an image as the networks see it.
  ///
  /// - Parameter mask: of the image's size.
  func window(_ part: PixelBox, of image: Image, mask: Mask, _ category: String) throws -> MaskedWindow {
    let pixels = image.cropped(to: part).eightBit()
    return MaskedWindow(
      image: configuration.transform.channels == 1 ? try pixels.grey() : pixels.colour(),
      weights: try mask.cropped(to: part).feathered(by: configuration.masks?.feather ?? 0), category: category)
  }

  /// What `network` makes of windows, in order. Those of one size go through it together.
  ///
  /// - Parameter network: is given some windows and their masks [N, classes, H, W].
  /// - Throws: `InputError` for a class that the translator does not make.
  func map<Result>(
    _ windows: [MaskedWindow], _ network: ([MaskedWindow], PixelBatch) throws -> [Result]
  ) throws -> [Result] {
    var results: [Int: Result] = [:]
    let sizes = Dictionary(grouping: windows.indices) { [windows[$0].image.width, windows[$0].image.height] }
    for (_, members) in sizes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let together = members.map { windows[$0] }
      for (index, result) in zip(members, try network(together, planes(of: together))) { results[index] = result }
    }
    return windows.indices.compactMap { results[$0] }
  }

  /// Each mask in the plane of its class. [N, classes, H, W], of windows of one size.
  private func planes(of windows: [MaskedWindow]) throws -> PixelBatch {
    let classNames = configuration.source.defectNames
    let (width, height) = (windows.first?.image.width ?? 0, windows.first?.image.height ?? 0)
    var values = [Float](repeating: 0, count: windows.count * classNames.count * width * height)
    for (index, window) in windows.enumerated() {
      guard let plane = classNames.firstIndex(of: window.category) else {
        throw InputError(
          at: "translator", expected: "one that makes \(window.category)",
          found: "one that makes \(classNames.joined(separator: ", "))")
      }
      let start = (index * classNames.count + plane) * width * height
      values.replaceSubrange(start..<start + width * height, with: window.weights)
    }
    return PixelBatch(values: values, shape: [windows.count, classNames.count, height, width])
  }
}
