import Layers
import Models
import Runs
import Torch

/// What gradients tell: what depends on what, and what moves.
extension TranslatorChecks {
  /// One image's translation and scores, by the pixels of another image of the batch.
  func sampleDependency() throws -> Outcome {
    let translator = try fresh()
    let batch = try subject.batch(0).joined(to: subject.batch(1))
    var measures: [CheckResult.Measure] = []
    var mixing: [String] = []
    func check(_ name: String, _ images: Tensor, _ output: (Tensor) throws -> Tensor?) throws {
      let input = try images.detached().cloned()
      try input.setRequiresGradient(true)
      guard let made = try output(input) else { return }
      let sample = try made.sliced(0, 0..<1)
      let gradient = try sample.gradients(of: [input], cotangent: noise(like: sample))[0]
      guard let gradient else { return mixing.append("\(name) does not depend on its input") }
      let others = try gradient.sliced(0, 1..<images.shape[0]).abs().max().item()
      let own = try gradient.sliced(0, 0..<1).abs().max().item()
      measures.append(.init("\(name): largest gradient by another image", others, "0"))
      measures.append(.init("\(name): largest gradient by its own", own, "above 0"))
      if own == 0 { mixing.append("\(name) does not depend on its own image") }
      if others != 0 { mixing.append("\(name) of one image depends on the others of its batch") }
    }
    for direction in directions(translator) {
      let (images, mask) = (batch.source(direction), batch.mask(direction))
      guard images.shape[0] > 1 else { return .notRun("a batch has one image") }
      try check(direction.generator.rawValue, images) { try translator.translated($0, direction, mask: mask) }
      try check(direction.discriminator.rawValue, images) { try translator.scores($0, direction, mask: mask) }
    }
    guard mixing.isEmpty else { return Outcome(.fail, mixing.joined(separator: "; "), measures: measures) }
    return Outcome(.pass, "every image is translated and judged alone", measures: measures)
  }

  /// The gradient of a corner pixel by the last convolution's outer taps, which see what stands beyond the border.
  func borders() throws -> Outcome {
    let translator = try fresh()
    let batch = try subject.batch(0)
    var (zeros, seen): ([String], [String]) = ([], [])
    var measures: [CheckResult.Measure] = []
    for direction in directions(translator) {
      let name = direction.generator.rawValue
      let weights = try translator.network(name)?.namedParameters().filter { $0.parameter.tensor.rank == 4 } ?? []
      guard let last = weights.last?.parameter.tensor, last.shape[2] > 2, last.shape[3] > 2 else { continue }
      // At half contrast, so that a generator that adds to its input is not at the end of its range.
      let images = try batch.source(direction) * 0.5
      let everywhere = try batch.mask(direction).map { try DefectMask(.ones($0.planes.shape, device: images.device)) }
      guard let made = try translator.translated(images, direction, mask: everywhere) else { continue }
      let (outer, inner) = try Self.tapGradients(of: made, by: last)
      measures.append(.init("\(name): gradient by outer taps over that by inner ones", outer / inner, "above 0"))
      guard inner > 0 else { return .notRun("no gradient reaches the last convolution of \(name)") }
      if outer > 0 { seen.append(name) } else { zeros.append(name) }
    }
    guard zeros.isEmpty else {
      return Outcome(
        .fail, "the last convolution of \(zeros.joined(separator: " and ")) sees zeros beyond the picture's border",
        measures: measures)
    }
    guard !seen.isEmpty else { return .notRun("the last convolutions see one pixel each: there is no border") }
    return Outcome(.pass, "the last convolutions see the picture itself beyond its border", measures: measures)
  }

  /// The largest gradients of two opposite corner pixels by a convolution's taps that lie outside and inside.
  ///
  /// - Parameter weight: [outputs, inputs, k, k].
  private static func tapGradients(of made: Tensor, by weight: Tensor) throws -> (outer: Double, inner: Double) {
    let (height, width) = (made.shape[2], made.shape[3])
    let (middleY, middleX) = (weight.shape[2] / 2, weight.shape[3] / 2)
    var (outer, inner) = (Double.infinity, Double.infinity)
    for (y, x) in [(0, 0), (height - 1, width - 1)] {
      let corner = try made.sliced(2, y..<y + 1).sliced(3, x..<x + 1).sum()
      let gradient = try corner.gradients(of: [weight], keepingGraph: true)[0]?.abs()
      guard let gradient else { return (0, 0) }
      let rows = y == 0 ? 0..<middleY : middleY + 1..<weight.shape[2]
      let columns = x == 0 ? 0..<middleX : middleX + 1..<weight.shape[3]
      let beyond = try max(
        gradient.sliced(2, rows).max().item(), gradient.sliced(3, columns).max().item())
      // All taps that see pixels, as after a ReLU many of these are 0.
      let within = try gradient.sliced(2, y == 0 ? middleY..<weight.shape[2] : 0..<middleY + 1)
        .sliced(3, x == 0 ? middleX..<weight.shape[3] : 0..<middleX + 1).max().item()
      (outer, inner) = (min(outer, beyond), min(inner, within))
    }
    return (outer, inner)
  }

  func updateRatio() throws -> Outcome {
    let translator = try fresh()
    return try UpdateRatios(of: translator.parameters) { _ = try translator.train(subject.batch($0)) }.outcome
  }

  static let movingSteps = 3
}
