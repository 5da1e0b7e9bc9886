import Runs

/// Which test images synthetic training images make a network see better, and which worse: for the eye, and for no figure.
struct StudyMistakes {
  /// How much less wrong the arm with synthetic images is than the one without, on average over the trainings, in −1...1.
  struct Change: Equatable {
    let image: String
    let gain: Double
  }

  /// From the largest gain to the largest loss; of equal ones by name. Images of no change are left out.
  let changes: [Change]

  /// - Parameter records: of one part of the data.
  init(real: [CellRecord], synthetic: [CellRecord], settings: StudySettings) throws {
    let before = try Self.mistakes(real, settings), after = try Self.mistakes(synthetic, settings)
    changes = before.compactMap { image, mistake in
      after[image].map { Change(image: image, gain: mistake - $0) }
    }.filter { $0.gain != 0 }.sorted { ($1.gain, $0.image) < ($0.gain, $1.image) }
  }

  /// The largest gains.
  func mended(_ count: Int) -> [Change] { Array(changes.filter { $0.gain > 0 }.prefix(count)) }
  /// The largest losses.
  func caused(_ count: Int) -> [Change] {
    Array(changes.filter { $0.gain < 0 }.sorted { ($0.gain, $0.image) < ($1.gain, $1.image) }.prefix(count))
  }

  /// Means over the records, by image.
  private static func mistakes(_ records: [CellRecord], _ settings: StudySettings) throws -> [String: Double] {
    let sizes = DefectSizes.all(of: [], classes: settings.classes.count)
    var sums: [String: Double] = [:]
    for record in records {
      let scores = try CellScores(record, sizes: sizes, settings: settings)
      for prediction in record.test { sums[prediction.image, default: 0] += scores.mistake(prediction) }
    }
    return sums.mapValues { $0 / Double(records.count) }
  }
}

extension CellScores {
  /// How wrong an answer is, in 0...1: of a segmenter 1 − Dice of any defect (0 where nothing is there and nothing called), of a
  /// classifier 1 where it calls a class that the image does not show, or misses one, at the threshold of F1.
  func mistake(_ prediction: Prediction) -> Double {
    if let any = prediction.pixels?[0] {
      let pixels = any.truth + any.called
      return pixels == 0 ? 0 : 1 - 2 * Double(any.both) / Double(pixels)
    }
    let isWrong = prediction.scores.indices.dropFirst().contains { label in
      (prediction.score(label) >= threshold(label - 1) ?? .infinity) != prediction.shows(label)
    }
    return isWrong ? 1 : 0
  }
}
