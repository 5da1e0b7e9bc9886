import Datasets
import Images
import Models
import Runs
import Torch
import Training

/// What a translator makes of the images that a run is examined on: made once, looked at by several checks.
final class Translations {
  let images: RunImages
  private let translator: TrainedTranslator
  private var made: [TranslationDirection: Tensor] = [:]

  /// Images of one pass.
  private static let passSize = 4

  init(_ translator: TrainedTranslator, on images: RunImages) {
    self.translator = translator
    self.images = images
  }

  /// The directions that there are.
  var directions: [TranslationDirection] { TranslationDirection.allCases.filter { translator.translation($0) != nil } }

  /// What a direction makes of its source. Shapes: → [N, C, H, W].
  ///
  /// - Throws: `CannotCheck` where nothing leads that way.
  func outputs(_ direction: TranslationDirection) throws -> Tensor {
    if let known = made[direction] { return known }
    let result = try translated(images.batch.source(direction), direction, images.batch.mask(direction))
    made[direction] = result
    return result
  }

  /// What a direction makes of some images, a few at a time.
  func translated(_ images: Tensor, _ direction: TranslationDirection, _ mask: DefectMask?) throws -> Tensor {
    guard let translation = translator.translation(direction) else {
      throw CannotCheck("nothing leads from defective images back to clean ones")
    }
    return try withoutGradients {
      let parts = try stride(from: 0, to: images.shape[0], by: Self.passSize).map { start in
        let range = start..<min(start + Self.passSize, images.shape[0])
        return try translation(
          images.sliced(0, range), mask.map { try DefectMask($0.planes.sliced(0, range)) })
      }
      return try .concatenated(parts)
    }
  }

  func figures(_ direction: TranslationDirection) throws -> TranslationFigures {
    let other = images.batch.source(direction.reverse)
    let inputs = images.batch.source(direction)
    return try withoutGradients {
      try TranslationFigures(
        inputs: inputs, outputs: outputs(direction), others: other, weight: images.batch.mask(direction)?.weight,
        otherWeight: direction == .cleanToDefect ? images.batch.masks?.defect.weight : nil)
    }
  }

  /// With masks: the outputs for all images with the first one's mask, so that they can be compared; otherwise `figures`.
  func comparableFigures(_ direction: TranslationDirection) throws -> TranslationFigures {
    guard let mask = images.batch.mask(direction) else { return try figures(direction) }
    let inputs = images.batch.source(direction)
    return try withoutGradients {
      let planes = try mask.planes.sliced(0, 0..<1).expanded([inputs.shape[0]] + mask.planes.shape[1...])
      let same = try DefectMask(planes.contiguous())
      let outputs = try translated(inputs, direction, same)
      return try TranslationFigures(inputs: inputs, outputs: outputs, others: inputs, weight: same.weight)
    }
  }

  /// The first images in rows, as a picture for the page.
  static func picture(_ caption: String, _ rows: [(caption: String, images: Tensor)]) throws -> CheckResult.Picture {
    let cells = try rows.map { row in
      try PixelBatch.images(of: row.images.sliced(0, 0..<min(6, row.images.shape[0])))
        .map { ContactSheet.Cell($0, caption: row.caption) }
    }
    return .init(caption: caption, file: Array(try ContactSheet(rows: cells).rendered().encoded(as: .png)))
  }

  func picture(_ directions: [TranslationDirection]) throws -> CheckResult.Picture {
    try Self.picture(
      "What goes in, and what comes out",
      directions.flatMap { direction in
        let names = direction == .cleanToDefect ? ("clean", "to defect") : ("defect", "to clean")
        return [(names.0, images.batch.source(direction)), (names.1, try outputs(direction))]
      })
  }
}
