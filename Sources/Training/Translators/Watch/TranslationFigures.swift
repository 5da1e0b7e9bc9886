import Datasets
import Models
import Torch

/// What a translation does to a batch: whether it changes anything, whether its pictures differ, whether light stays light.
///
/// Distances are means of absolute differences of pixels in [−1, 1].
public struct TranslationFigures: Equatable, Sendable {
  /// How much outputs differ among themselves, divided by how much inputs do. nil for a single image, or inputs that are all
  /// the same; with masks over what two of them share, and nil where they share next to nothing.
  public let diversity: Double?
  /// Pearson's r of the brightness of input and output, over all pixels of the batch; nil where either has no contrast, and
  /// with masks, which keep most of each picture.
  public let correlation: Double?
  /// From input to output; with masks over what they cover.
  public let change: Double
  /// Between images of the two domains; with masks where defects are.
  public let distance: Double

  /// The change in parts of the distance; nil where the domains are the same.
  public var relativeChange: Double? { distance > 0 ? change / distance : nil }

  /// The least standard deviation that counts as contrast: half a grey level.
  private static let leastContrast = 1.0 / 255
  /// Pixels that masks have to share.
  private static let leastShared = 16.0

  /// - Parameters:
  ///   - others: images of the other domain.
  ///   - weight: how much of each translation counts, [N, 1, H, W]; nil for all.
  ///   - otherWeight: where the other domain's images differ from these, [M, 1, H, W]; nil where `weight` says so.
  ///
  /// Shapes: inputs and outputs [N, C, H, W], others [M, C, H, W], in [−1, 1].
  public init(
    inputs: Tensor, outputs: Tensor, others: Tensor, weight: Tensor? = nil, otherWeight: Tensor? = nil
  ) throws(TorchError) {
    change = try Self.distance(inputs, outputs, weight)
    var sum = 0.0
    for index in 0..<others.shape[0] {
      let other = try others.sliced(0, index..<index + 1)
      let place = try otherWeight.map { weight throws(TorchError) in
        try weight.sliced(0, index..<index + 1).expanded([inputs.shape[0], 1] + inputs.shape[2...])
      }
      sum += try Self.distance(inputs, other, place ?? weight)
    }
    distance = sum / Double(others.shape[0])
    let spread = try Self.spread(inputs, weight)
    diversity = spread > 0 ? try Self.spread(outputs, weight) / spread : nil
    correlation = weight == nil ? try Self.correlation(inputs, outputs) : nil
  }

  /// The mean absolute difference of two batches, over what a weight [N, 1, H, W] covers; 0 where it covers nothing.
  public static func distance(_ one: Tensor, _ other: Tensor, _ weight: Tensor?) throws(TorchError) -> Double {
    let difference = try (one - other).abs().mean([1], keep: true)
    guard let weight else { return try difference.mean().item() }
    let total = try weight.sum().item()
    return total > 0 ? try (difference * weight).sum().item() / total : 0
  }

  /// The mean distance of two images of a batch; 0 for less than two.
  private static func spread(_ images: Tensor, _ weight: Tensor?) throws(TorchError) -> Double {
    let count = images.shape[0]
    guard count > 1 else { return 0 }
    var (sum, pairs) = (0.0, 0.0)
    for index in 1..<count {
      let (one, before) = (try images.sliced(0, index..<index + 1), try images.sliced(0, 0..<index))
      guard let weight else {
        sum += try distance(before, one, nil) * Double(index)
        pairs += Double(index)
        continue
      }
      let shared = try weight.sliced(0, 0..<index) * weight.sliced(0, index..<index + 1)
      let difference = try (before - one).abs().mean([1], keep: true)
      sum += try (difference * shared).sum().item()
      pairs += try shared.sum().item()
    }
    guard weight == nil || pairs >= leastShared else { return 0 }
    return sum / pairs
  }

  private static func correlation(_ inputs: Tensor, _ outputs: Tensor) throws(TorchError) -> Double? {
    func centred(_ images: Tensor) throws(TorchError) -> Tensor {
      let grey = try images.mean([1])  // [N, H, W]
      return try grey - grey.mean()
    }
    let (one, other) = (try centred(inputs), try centred(outputs))
    let contrast = (
      try one.squared().mean().item().squareRoot(), try other.squared().mean().item().squareRoot()
    )
    guard min(contrast.0, contrast.1) >= leastContrast else { return nil }
    return try (one * other).mean().item() / (contrast.0 * contrast.1)
  }
}

extension TranslationFigures {
  /// Of the rows that a trainer draws, by the way: rows are known by their captions. The masks of a domain follow its images.
  static func ways(
    of rows: [(caption: String, images: Tensor)]
  ) throws(TorchError) -> [(way: String, figures: TranslationFigures)] {
    func row(_ caption: String) -> Int? { rows.firstIndex { $0.caption == caption } }
    func weight(after index: Int) throws(TorchError) -> Tensor? {
      guard index + 1 < rows.count, rows[index + 1].caption == "mask" else { return nil }
      return try (rows[index + 1].images.sliced(1, 0..<1) + 1) * 0.5
    }
    guard let clean = row("clean"), let defect = row("defect") else { return [] }
    let (cleanWeight, defectWeight) = (try weight(after: clean), try weight(after: defect))
    func figures(
      _ from: Int, _ to: Int, _ weight: Tensor?, _ other: Int, _ otherWeight: Tensor? = nil
    ) throws(TorchError) -> TranslationFigures {
      // What masks of different places cover is not to be compared.
      let figures = try TranslationFigures(
        inputs: rows[from].images, outputs: rows[to].images, others: rows[other].images, weight: weight,
        otherWeight: otherWeight)
      return weight == nil ? figures : figures.withoutDiversity
    }
    var found: [(way: String, figures: TranslationFigures)] = []
    if let made = row("to defect") {
      found.append(
        (TranslationDirection.cleanToDefect.rawValue, try figures(clean, made, cleanWeight, defect, defectWeight)))
    }
    if let made = row("to clean") {
      found.append((TranslationDirection.defectToClean.rawValue, try figures(defect, made, defectWeight, clean)))
    }
    return found
  }

  private var withoutDiversity: TranslationFigures {
    TranslationFigures(diversity: nil, correlation: correlation, change: change, distance: distance)
  }

  init(diversity: Double?, correlation: Double?, change: Double, distance: Double) {
    self.diversity = diversity
    self.correlation = correlation
    self.change = change
    self.distance = distance
  }
}
