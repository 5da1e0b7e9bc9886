import Datasets
import Files
import Foundation
import Images
import Randomness
import Synthesis

/// Images that show nothing, under a defect's name: a control that tests a study.
///
/// Each is a clean training image as the classifier sees it, its pixels in random order. A classifier that gains by such images
/// gains by the classes' balance, or by anything else that is not the defect; then so may one that learns from synthetic images.
struct Placebo {
  /// Changes whenever the same seed would give other pixels.
  static let version = 1

  let data: StudyData
  let size: Int
  let seed: UInt64

  func write(_ count: Int, as defect: String, to folder: URL, progress: (Int) -> Void) throws {
    let writer = try DatasetWriter(
      to: folder, description: "\(count) placebo images of \(defect)", cleanName: data.classes[0], categories: [defect])
    var random = SeededGenerator(seed: seed, purpose: "sources of placebo images")
    let sources = random.shuffled(data.train.filter { $0.label == 0 })
    let transform = data.transform(size: size)
    for index in 0..<count {
      let source = sources[index % sources.count]
      var random = SeededGenerator(seed: seed, purpose: "placebo image", index)
      let name = source.image.fileName
      try writer.add(
        transform.central(source.url).shuffled(&random), as: String(format: "%06d.png", index), labels: [.init(defect)],
        split: .train,
        provenance: Provenance(
          source: name, group: source.image.group,
          synthetic: .init(
            model: "placebo \(Self.version)", seed: seed, step: 0, source: name, sourceSplit: Split.train.rawValue)))
      progress(index + 1)
    }
    try writer.finish()
  }
}

extension Image {
  /// The same pixels in random order; 8 bits.
  fileprivate func shuffled(_ random: inout SeededGenerator) -> Image {
    let old = eightBit().bytes
    let order = random.shuffled(Array(0..<width * height))
    return Image(
      width: width, height: height, channels: channels,
      bytes: order.flatMap { pixel in old[pixel * channels..<(pixel + 1) * channels] })
  }
}

/// The same control for segmenters: masks where nothing was made.
///
/// Each image is a clean training image as it is, with the mask of a real training defect placed on it. Their number, places
/// and shapes are those of synthetic ones; what they lack is the defect.
struct UntouchedSurface: DefectMaker {
  /// Changes whenever the same seed would give other images.
  static let version = 1

  var model: String { "placebo of masks \(Self.version)" }
  var step: Int { 0 }
  var windowSize: Int? { nil }
  var reach: Int { 0 }

  func images(of placed: [PlacedDefect]) throws -> [Image] { placed.map { $0.clean.eightBit() } }
}
