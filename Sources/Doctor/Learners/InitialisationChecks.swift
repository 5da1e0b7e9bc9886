import Datasets
import Foundation
import Images
import Runs
import Torch

/// What can be seen before anything is learned.
extension LearnerChecks {
  /// "Visualize just before the net": what goes in, decoded back, against the same pictures decoded by other means.
  func networkInput() throws -> Outcome {
    let batch = try subject.batch(0)
    let (low, high) = (try batch.inputs.min().item(), try batch.inputs.max().item())
    let spread = try batch.inputs.variance().sqrt().item()
    let range = subject.inputRange
    var measures: [CheckResult.Measure] = [
      .init("lowest value", low, "≥ \(range.lowerBound)"), .init("highest value", high, "≤ \(range.upperBound)"),
      .init("standard deviation", spread, "> 0.01"),
    ]
    guard try batch.inputs.isFinite().all().item() == 1 else {
      return Outcome(.fail, "inputs are no finite numbers", measures: measures)
    }
    let shown = try decoded(batch.inputs, range)
    let sheet = try picture(shown, batch)
    let margin = 1e-3 * (range.upperBound - range.lowerBound)
    guard low >= range.lowerBound - margin, high <= range.upperBound + margin else {
      return Outcome(
        .fail, "inputs lie in \(low.short) … \(high.short), not in \(range.lowerBound) … \(range.upperBound)",
        measures: measures, pictures: sheet)
    }
    guard spread > 0.01 else {
      return Outcome(.fail, "inputs are all the same", measures: measures, pictures: sheet)
    }
    guard let expected = try subject.pictures?(0) else {
      return Outcome(
        .pass, "values lie in \(low.short) … \(high.short); look whether the pictures and labels are right",
        measures: measures, pictures: sheet)
    }
    let distance = try Self.distance(shown, expected)
    measures.append(.init("mean distance from the files, in grey levels", distance, "≤ 2"))
    if distance <= 2 {
      return Outcome(.pass, "what the network sees are the files' pictures", measures: measures, pictures: sheet)
    }
    let swapped = try Self.distance(shown.map(\.channelsReversed), expected)
    return Outcome(
      .fail,
      swapped < distance / 2
        ? "the colour channels are in the wrong order"
        : "what the network sees is not what the files show: \(distance.short) grey levels apart on average",
      measures: measures, pictures: sheet)
  }

  /// As 8-bit images.
  private func decoded(_ inputs: Tensor, _ range: ClosedRange<Double>) throws -> [Image] {
    let middle = (range.lowerBound + range.upperBound) / 2
    let half = (range.upperBound - range.lowerBound) / 2
    let channels = inputs.shape[1] == 3 ? 3 : 1
    return try PixelBatch.images(of: (inputs.sliced(1, 0..<channels) - middle) / half)
  }

  private func picture(_ images: [Image], _ batch: LabelledTensors) throws -> [CheckResult.Picture] {
    let count = min(8, images.count)
    let cells = try (0..<count).map { index in
      let label = Int(try batch.labels.sliced(0, index..<index + 1).max().item())
      return ContactSheet.Cell(
        images[index], caption: subject.classNames[min(max(label, 0), subject.classNames.count - 1)])
    }
    let sheet = try ContactSheet(rows: [cells]).rendered()
    return [.init(caption: "The first batch, decoded back, with its labels", file: Array(try sheet.encoded(as: .png)))]
  }

  private static func distance(_ one: [Image], _ other: [Image]) throws -> Double {
    guard one.count == other.count else { return .infinity }
    let distances = zip(one, other).map { one, other -> Double in
      let (one, other) = (one.bytes, other.eightBit().bytes)
      guard one.count == other.count else { return .infinity }
      return zip(one, other).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(max(1, one.count))
    }
    return distances.reduce(0, +) / Double(max(1, distances.count))
  }

  func sameSeed() throws -> Outcome {
    func losses() throws -> [Double] {
      let learner = try fresh()
      return try (0..<3).map { step in
        let batch = try subject.batch(step)
        return try learner.learn(batch.inputs, batch.labels)
      }
    }
    let (one, other) = (try losses(), try losses())
    let apart = zip(one, other).map { abs($0 - $1) }.max() ?? 0
    let measure = CheckResult.Measure("largest difference of three losses", apart, "0")
    guard let step = zip(one, other).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset else {
      return Outcome(.pass, "two trainings from one seed have the same losses", measures: [measure])
    }
    return Outcome(
      .fail, "two trainings from one seed differ from step \(step + 1) on: \(one[step].short) and \(other[step].short)",
      measures: [measure])
  }

  func lossAtInitialisation() throws -> Outcome {
    let batch = try subject.batch(0)
    let learner = try fresh()
    try learner.network.setTraining(true)
    let logits = try withoutGradients { try learner.logits(batch.inputs) }
    let measured = try withoutGradients { try learner.loss(logits, batch.labels).item() }
    // What the same loss says of a network that knows the shares of the classes, or nothing.
    let prior = try constantLoss(learner, logits, batch, subject.classShares.map { log(max($0, 1e-12)) })
    let uniform = try constantLoss(learner, logits, batch, subject.classShares.map { _ in 0 })
    let classes = Double(subject.classShares.count)
    let (low, high) = (0.8 * min(prior, uniform) - 0.05, 1.2 * max(prior, uniform) + 0.05)
    var measures: [CheckResult.Measure] = [
      .init("loss", measured, "\(low.short) … \(high.short)"),
      .init("of one that knows the class shares", prior), .init("of one that knows nothing", uniform),
    ]
    if subject.isCrossEntropy {
      // A sum in place of a mean, or a softmax before the loss that has its own, shows here.
      measures.append(.init("log of the number of classes", log(classes), "= that of one that knows nothing"))
      guard abs(uniform - log(classes)) < 0.01 * log(classes) else {
        return Outcome(
          .fail,
          "for equal logits the loss is \(uniform.short), not log \(Int(classes)) = \(log(classes).short): it is no mean of cross entropies",
          measures: measures)
      }
      let confident = try constantLoss(learner, logits, batch, subject.classShares.indices.map { $0 == 0 ? 100 : 0 })
      let wrong = try 1 - batch.labels.equal(0).converted(to: .float64).mean().item()
      if wrong > 0, confident < 10 * wrong {
        return Outcome(
          .fail, "sure and wrong costs only \(confident.short): the loss does not get logits", measures: measures)
      }
    }
    guard measured.isFinite, measured >= low, measured <= high else {
      return Outcome(.fail, "the loss begins at \(measured.short)", measures: measures)
    }
    return Outcome(.pass, "the loss begins at \(measured.short)", measures: measures)
  }

  /// The loss of a network that says the same of every sample.
  private func constantLoss(
    _ learner: any CheckedLearner, _ logits: Tensor, _ batch: LabelledTensors, _ values: [Double]
  ) throws -> Double {
    let shape = [1, values.count] + Array(repeating: 1, count: logits.rank - 2)
    let constant = try Tensor(values.map { Float($0) }, shape: shape).expanded(logits.shape).contiguous()
    return try withoutGradients { try learner.loss(constant, batch.labels).item() }
  }

  /// Untrained networks for which the bias is looked at: one alone says something of its own of every class, by the chance of its weights.
  private static let priorSeeds = 5

  func classPrior() throws -> Outcome {
    let batch = try subject.batch(0)
    let classes = subject.classShares.count
    var sums = [Double](repeating: 0, count: classes)
    for offset in 0..<Self.priorSeeds {
      let learner = try subject.make(seed &+ UInt64(offset), 1)
      try learner.network.setTraining(true)
      let logits = try withoutGradients { try learner.logits(batch.inputs).logSoftmax(1) }
      let means = try logits.mean([0] + Array(2..<logits.rank)).converted(to: .float64).elements(as: Double.self)
      sums = zip(sums, means).map { $0 + $1 }
    }
    let raw = sums.map { exp($0 / Double(Self.priorSeeds)) }
    let scores = raw.map { $0 / raw.reduce(0, +) }
    let measures = zip(zip(subject.classNames, subject.classShares), scores).map { named, score in
      CheckResult.Measure("score of \(named.0) before training, as a mean", score, "about \(named.1.short)")
    }
    // In factors: how far from the share, and how far from knowing nothing.
    func distance(_ one: Double, _ other: Double) -> Double { abs(log(max(one, 1e-12) / max(other, 1e-12))) }
    let strange = scores.indices.filter {
      let share = subject.classShares[$0]
      return distance(scores[$0], share) > log(2)
        && distance(scores[$0], 1 / Double(classes)) < distance(scores[$0], share)
    }
    guard
      let worst = strange.max(by: {
        distance(scores[$0], subject.classShares[$0]) < distance(scores[$1], subject.classShares[$1])
      })
    else { return Outcome(.pass, "it begins at the shares of the classes", measures: measures) }
    return Outcome(
      .warn,
      "of \(subject.classNames[worst]), \(subject.classShares[worst].short) of what is trained on, it says \(scores[worst].short) at first",
      measures: measures)
  }
}

extension Image {
  fileprivate var channelsReversed: Image {
    guard channels == 3 else { return self }
    let old = bytes
    var new = old
    for pixel in 0..<width * height { (new[pixel * 3], new[pixel * 3 + 2]) = (old[pixel * 3 + 2], old[pixel * 3]) }
    return Image(width: width, height: height, channels: 3, bytes: new)
  }
}
