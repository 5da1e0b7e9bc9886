import Files
import Foundation
import Images
import Datasets
import Models
import Runs
import Torch

/// What becomes of the networks' pictures.
extension TranslatorChecks {
  /// Levels of 8 bits by which a picture may differ: rounding, and a little for a lossy file.
  static let levels = 1.6

  /// Each direction's picture stands under a name of its own, and is what its generator makes.
  func outputs() throws -> Outcome {
    let translator = try fresh()
    let batch = try subject.batch(0).first()
    let expected = try withoutGradients {
      try directions(translator).compactMap { direction in
        try translator.translated(batch.source(direction), direction, mask: batch.mask(direction)).map {
          (direction: direction, image: $0)
        }
      }
    }
    if expected.count == 2, try apart(expected[0].image, expected[1].image) <= Self.levels / 127.5 {
      return .notRun("both generators make the same picture of these images")
    }
    let written = try written(translator, batch)
    var places: [(direction: TranslationDirection, distance: Double, name: String)] = []
    for (direction, image) in expected {
      let distances = try written.map { (distance: try apart($0.images, image), name: $0.name) }
      let nearest = distances.min { $0.distance < $1.distance }
      places.append((direction, nearest?.distance ?? .infinity, nearest?.name ?? ""))
    }
    let measures = places.map {
      CheckResult.Measure(
        "\($0.direction.words): largest difference to the nearest picture, levels", $0.distance * 127.5,
        "≤ \(Self.levels)")
    }
    let pictures = try expected.map { direction, image in
      CheckResult.Picture(
        caption: "\(direction.words), as its generator makes it",
        file: Array(try PixelBatch.images(of: image)[0].encoded(as: .png)))
    }
    let missing = places.filter { !($0.distance * 127.5 <= Self.levels) }
    guard missing.isEmpty else {
      let names = missing.map(\.direction.words).joined(separator: " and ")
      return Outcome(
        .fail,
        "of \(written.count) pictures (\(Self.named(written.map(\.name), most: 8))) none is what the generator from \(names) makes: it may be written over",
        measures: measures, pictures: pictures)
    }
    guard Set(places.map(\.name)).count == places.count else {
      return Outcome(.fail, "both directions stand under \(places[0].name)", measures: measures, pictures: pictures)
    }
    let found = places.map { "\($0.direction.words) as \($0.name)" }.joined(separator: ", ")
    return Outcome(.pass, "each direction's picture is what its generator makes: \(found)", measures: measures)
  }

  /// The pictures of a batch's first images by their names; what has the name of an earlier one takes its place.
  private func written(
    _ translator: any CheckedTranslator, _ batch: TranslatorBatch
  ) throws -> [(name: String, images: Tensor)] {
    guard let write = subject.write else {
      let pictures = try withoutGradients { try translator.pictures(batch) }
      let named = Dictionary(pictures.map { ($0.caption, $0.images) }, uniquingKeysWith: { $1 })
      return named.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
    return try ProbeFolder.temporary { folder in
      try withoutGradients { try write(translator, batch, folder) }
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
      let images = (files ?? []).sorted { $0.path < $1.path }.filter {
        FileBytes.first(12, of: $0.path).flatMap(ImageFormat.init(magicBytesOf:)) != nil
      }
      return try images.map { url in
        let image = try EncodedImage(contentsOf: url.path).decoded(channels: batch.clean.shape[1])
        return (url.lastPathComponent, try PixelBatch([image]).tensor(on: batch.clean.device))
      }
    }
  }

  /// Two images, until the way there and back reproduces them.
  func overfitCycle() throws -> Outcome {
    let translator = try fresh()
    guard directions(translator).count == 2 else { return .notRun("there is no way back: one direction is trained") }
    let cost = secondsPerStep * Double(Self.overfitSteps)
    guard cost <= Self.overfitSeconds else {
      return .notRun(
        "\(Self.overfitSteps) steps would take about \(Int(cost / 60) + 1) minutes: try it with fewer filters and smaller images"
      )
    }
    let batch = try subject.batch(0).first()
    let start = try cycleDistance(translator, batch)
    var (best, bestStep, step) = (start, 0, 0)
    func isLearned() -> Bool { best <= start / 10 || best <= Self.goodCycle }
    while step < Self.overfitSteps, !isLearned() {
      _ = try translator.train(batch)
      step += 1
      guard step % 10 == 0 else { continue }
      let distance = try cycleDistance(translator, batch)
      if !(distance >= best) { (best, bestStep) = (distance, step) }
      guard distance.isFinite else { break }
    }
    let measures: [CheckResult.Measure] = [
      .init("cycle's distance at first, of 2", start),
      .init("the same at best", best, "≤ a tenth, or \(Self.goodCycle)"),
      .init("steps until then", Double(bestStep), "≤ \(Self.overfitSteps)"),
    ]
    if isLearned() {
      return Outcome(
        .pass, "the cycle's distance fell from \(start.short) to \(best.short) in \(bestStep) steps", measures: measures
      )
    }
    return Outcome(
      best <= start / 2 ? .warn : .fail,
      "the cycle's distance fell from \(start.short) to no less than \(best.short) in \(step) steps", measures: measures
    )
  }

  /// The mean absolute difference of both cycles, on a scale where black and white differ by 2.
  private func cycleDistance(_ translator: any CheckedTranslator, _ batch: TranslatorBatch) throws -> Double {
    let terms = try LossTerm.all(of: translator, batch, weights: .unweighted).filter { $0.name.hasPrefix("cycle") }
    return terms.reduce(0) { $0 + $1.expected } / Double(max(terms.count, 1))
  }

  /// Small networks (4 filters, 1 block, 32 pixels) took 50 to 80 steps over 20 seeds.
  static let overfitSteps = 500
  /// The longest that these steps may take.
  static let overfitSeconds = 600.0
  /// Good enough, where the first distance is small already: 6 of 255 levels.
  static let goodCycle = 0.05
}

extension CycleGANLoss {
  fileprivate static var unweighted: CycleGANLoss {
    var loss = CycleGANLoss()
    (loss.cleanCycle, loss.defectCycle, loss.identity) = (1, 1, 0)
    return loss
  }
}
