import Datasets
import Foundation
import Metrics
import Models
import Runs
import Torch
import Training

/// Whether made defects are copies of defective training images, by the distance to the nearest one.
///
/// Real images say what is near: held-out ones where there are enough, otherwise every training image among the others. A
/// made image is a copy where 99 % of real ones are farther from their nearest training image, and farther compared with the
/// next nearest ones too: a blurred picture is near to all of them and copies none. Where nothing is copied that happens to
/// one in a hundred, or of few real images to one in as many.
struct MemorisationCheck {
  private let translations: Translations
  private let settings: FigureSettings?

  init(_ translations: Translations, _ settings: FigureSettings?) {
    self.translations = translations
    self.settings = settings
  }

  func outcome() throws -> Outcome {
    let images = translations.images
    let (training, held) = (images.trainingDefects, images.heldOutDefects)
    let least = SetComparison.leastImages
    guard training.shape[0] >= least else {
      return .notRun("\(training.shape[0]) defective training images are too few: \(least) or more say what is near")
    }
    let made = try translations.outputs(.cleanToDefect)
    return try withoutGradients {
      // Training mirrors images.
      let known = try Tensor.concatenated([rows(training), rows(training.flipped([3]))])
      let owners = Array(0..<training.shape[0]) + Array(0..<training.shape[0])
      let nearest = try Neighbours(of: rows(made), among: known)
      let real =
        try held.map { try Neighbours(of: rows($0), among: known) }
        ?? Neighbours(of: rows(training), among: known, except: owners)
      let (near, alone) = (real.distances.lowest(0.01), real.ratios.lowest(0.01))
      let copies = zip(nearest.distances, nearest.ratios).count { $0 < near && $1 < alone }
      let share = Double(copies) / Double(nearest.distances.count)
      let expected = max(0.1, 3 / Double(real.distances.count + 1))
      let verdict: CheckVerdict = share >= 0.5 ? .fail : share > expected ? .warn : .pass
      let reference = held == nil ? "real ones are to each other" : "real held-out ones are"
      return Outcome(
        verdict,
        verdict == .pass
          ? "made images are not nearer to training images than \(reference)"
          : "\(Int((share * 100).rounded())) % of made images are nearer to one training image than \(reference)",
        measures: [
          .init("share of copies", share, "≤ \(expected.short)"),
          .init("median distance of made images", nearest.distances.lowest(0.5)),
          .init("median distance of real images", real.distances.lowest(0.5)),
        ], pictures: [try picture(made, nearest, training, owners)])
    }
  }

  /// The made images that are nearest, above the training images that they are near to.
  private func picture(
    _ made: Tensor, _ nearest: Neighbours, _ training: Tensor, _ owners: [Int]
  ) throws -> CheckResult.Picture {
    let order = nearest.distances.indices.sorted { nearest.distances[$0] < nearest.distances[$1] }.prefix(6)
    func rows(_ images: Tensor, _ indices: [Int]) throws -> Tensor {
      try .concatenated(indices.map { try images.sliced(0, $0..<$0 + 1) })
    }
    return try Translations.picture(
      "The made images that are nearest to a training image",
      [
        ("made", rows(made, Array(order))),
        ("training", rows(training, order.map { owners[nearest.indices[$0]] })),
      ])
  }

  /// By the features that the run was measured with, otherwise by pixels: grey, 32 × 32, less their mean and divided by their
  /// length, so that half the squared distance of two images is 1 less their correlation.
  ///
  /// Shapes: [N, C, H, W] in [−1, 1] → [N, D].
  private func rows(_ images: Tensor) throws -> Tensor {
    if let settings, let network = try? FeatureNetwork(contentsOf: URL(fileURLWithPath: settings.features)) {
      return try network.features(of: images)
    }
    // As they would be written: what is fainter than a grey level is no copy that anybody sees.
    let written = try ((images + 1) * 127.5).rounded()
    let pixels = try written.mean([1], keep: true).adaptiveAvgPool2d(height: 32, width: 32).flattened(1)
    let centred = try pixels - pixels.mean([1], keep: true)
    return try centred / centred.norm(2, [1], keep: true).clamped(1e-6, 1e6)
  }
}

/// The nearest training images of each of some images.
private struct Neighbours {
  let indices: [Int]
  let distances: [Double]
  /// The distance in parts of the mean distance of the five nearest.
  let ratios: [Double]

  private static let others = 5

  /// - Parameter owners: whose each of the known ones is, where images are compared with others than themselves.
  ///
  /// Shapes: [N, D], [M, D] → N neighbours.
  init(of images: Tensor, among known: Tensor, except owners: [Int]? = nil) throws {
    let (x, y) = (try images.converted(to: .float64), try known.converted(to: .float64))
    var squares =
      try x.squared().sum([1], keep: true) + y.squared().sum([1]).unsqueezed(0) - x.matmul(y.transposed()) * 2
    if let owners {
      let own = try Tensor.arange(to: Double(images.shape[0]), type: .int64).unsqueezed(1)
      let owner = try Tensor(owners.map(Int64.init), shape: [1, owners.count])
      squares = try squares.filled(where: own.equal(owner), with: .infinity)
    }
    let nearest = try squares.topK(Self.others, 1, largest: false)
    let distances = try nearest.values.clamped(0, .greatestFiniteMagnitude).sqrt()  // [N, 5], ascending
    indices = try nearest.indices.selected(1, 0).elements(as: Int64.self).map(Int.init)
    self.distances = try distances.selected(1, 0).elements(as: Double.self)
    ratios = try zip(self.distances, distances.mean([1]).elements(as: Double.self)).map { $1 > 0 ? $0 / $1 : 1 }
  }
}

extension [Double] {
  /// The value below which a share of them lies.
  fileprivate func lowest(_ share: Double) -> Double { Quantiles.sample(sorted(), share) }
}
