import Images
import Layers
import Optimizers
import Randomness
import Synchronization
import Torch

@testable import Doctor

/// What goes silently wrong in trainings (Karpathy 2019): each is seeded on purpose, and has to be caught by name.
enum RecipeFault: String, CaseIterable {
  case inputsNotScaled, inputsAllAlike, channelsSwapped
  case noSeed
  case lossIsASum, softmaxBeforeTheLoss, lastLayerTooLarge
  case noPrior
  case noiseInEvaluation, staleStatistics
  case reshapeInPlaceOfTranspose
  case layerNotInTheOptimizer, layerDetached
  case rateTooHigh, rateTooLow
  case meansOverBatches
  case labelsShuffled, inputIgnored
  case widerIsWorse
  case heldOutLabelsOfOthers

  /// The check that has to object.
  var check: Check {
    switch self {
    case .inputsNotScaled, .inputsAllAlike, .channelsSwapped: .networkInput
    case .noSeed: .sameSeed
    case .lossIsASum, .softmaxBeforeTheLoss, .lastLayerTooLarge: .lossAtInitialisation
    case .noPrior: .classPrior
    case .noiseInEvaluation, .staleStatistics: .evaluationMode
    case .reshapeInPlaceOfTranspose: .sampleDependency
    case .layerNotInTheOptimizer, .layerDetached: .parametersMove
    case .rateTooHigh, .rateTooLow: .updateRatio
    case .meansOverBatches: .wholeSet
    case .labelsShuffled: .overfitOneBatch
    case .inputIgnored: .inputIndependent
    case .widerIsWorse: .capacity
    case .heldOutLabelsOfOthers: .dumbBaselines
    }
  }
}

/// Two convolutions, a norm and a linear layer.
private final class ToyNetwork: Module {
  let first: Conv2d
  let norm: BatchNorm2d
  let second: Conv2d
  let last: Linear
  private let fault: RecipeFault?
  /// Without a seed: every use goes on.
  private static let unseeded = Mutex(UInt64(0))

  init(width: Int, shares: [Double], fault: RecipeFault?, generator: Generator) throws {
    self.fault = fault
    first = try Conv2d(3, 8 * width, kernel: 3, stride: 2, padding: 1, generator: generator)
    norm = try BatchNorm2d(8 * width, momentum: fault == .staleStatistics ? 0 : 0.1)
    second = try Conv2d(8 * width, 16 * width, kernel: 3, stride: 2, padding: 1, generator: generator)
    last = try Linear(16 * width, shares.count, generator: generator)
    try withoutGradients {
      if fault == .noSeed {
        let seed = Self.unseeded.withLock { value in
          value += 1
          return value
        }
        try last.weight.tensor.fillNormal(standardDeviation: 0.1, generator: Generator(seed: seed))
      }
      if fault == .lastLayerTooLarge { try last.weight.tensor.scale(by: 60) }
      if fault != .noPrior, let bias = last.bias?.tensor {
        try bias.copy(from: Tensor(shares.map { Float($0) }).log())
      }
    }
  }

  func logits(_ input: Tensor) throws -> Tensor {
    var x = fault == .inputIgnored ? try input * 0 : input
    x = try norm(first(x)).relu()
    if fault == .layerDetached { x = try x.detached() }
    x = try second(x).relu().mean([2, 3])
    if fault == .reshapeInPlaceOfTranspose { x = try x.transposed(0, 1).contiguous().reshaped(x.shape) }
    if fault == .noiseInEvaluation {
      let seed = Self.unseeded.withLock { value in
        value += 1
        return value
      }
      x = try x + Tensor.normal(x.shape, generator: Generator(seed: seed)) * 0.01
    }
    return try last(x)
  }
}

/// A network of somebody's own: what the checks need of it, and nothing else.
final class ToyLearner: CheckedLearner {
  private let toy: ToyNetwork
  private let optimizer: Adam
  private let fault: RecipeFault?
  private var random = SeededGenerator(seed: 9)
  var network: any Module { toy }

  init(seed: UInt64, width: Int, shares: [Double], fault: RecipeFault?) throws {
    self.fault = fault
    toy = try ToyNetwork(width: width, shares: shares, fault: fault, generator: Generator(seed: seed))
    let rate =
      switch fault {
      case .rateTooHigh: 3.0
      case .rateTooLow: 1e-9
      case .widerIsWorse: width > 1 ? 1e-6 : 3e-3
      default: 3e-3
      }
    let all = try toy.namedParameters()
    optimizer = Adam(
      NamedParameters(fault == .layerNotInTheOptimizer ? all.filter { !$0.name.hasPrefix("second") } : all),
      learningRate: rate)
  }

  func logits(_ inputs: Tensor) throws -> Tensor { try toy.logits(inputs) }

  func loss(_ logits: Tensor, _ labels: Tensor) throws -> Tensor {
    let logits = fault == .softmaxBeforeTheLoss ? try logits.softmax(1) : logits
    let mean = try crossEntropyLoss(logits, labels)
    return fault == .lossIsASum ? try mean * Double(labels.count) : mean
  }

  func learn(_ inputs: Tensor, _ labels: Tensor) throws -> Double {
    try network.setTraining(true)
    var labels = labels
    if fault == .labelsShuffled {
      let order = random.shuffled(Array(0..<labels.count))
      labels = try labels.selected(0, Tensor(order))
    }
    let loss = try loss(logits(inputs), labels)
    try optimizer.zeroGradients()
    try loss.backward()
    try optimizer.step()
    return try loss.item()
  }
}

/// Pictures with a bright square, red or blue, or none: the classes are told apart by what is in them.
enum ToyData {
  static let names = ["clean", "red", "blue"]
  static let side = 16

  static func sample(_ index: Int, _ random: inout SeededGenerator) -> (image: Image, label: Int) {
    let label = index % 4 == 1 ? 1 : index % 4 == 3 ? 2 : 0
    var bytes = (0..<side * side * 3).map { _ in UInt8(100 + random.int(below: 30)) }
    let (x0, y0) = (random.int(below: side - 6), random.int(below: side - 6))
    if label > 0 {
      for y in y0..<y0 + 6 { for x in x0..<x0 + 6 { bytes[(y * side + x) * 3 + (label == 1 ? 0 : 2)] = 230 } }
    }
    return (Image(width: side, height: side, channels: 3, bytes: bytes), label)
  }

  static func samples(step: Int, count: Int = 16) -> [(image: Image, label: Int)] {
    var random = SeededGenerator(seed: 3, purpose: "toy", step)
    return (0..<count).map { sample($0, &random) }
  }
}

extension LearnerSubject {
  static func toy(_ fault: RecipeFault? = nil) throws -> LearnerSubject {
    func tensors(_ samples: [(image: Image, label: Int)]) throws -> LabelledTensors {
      let bytes = samples.flatMap { $0.image.bytes }
      let side = ToyData.side
      var values = try Tensor(bytes.map { Float($0) }, shape: [samples.count, side, side, 3]).permuted([0, 3, 1, 2])
        .contiguous()
      if fault != .inputsNotScaled { values = try values / 127.5 - 1 }
      if fault == .inputsAllAlike { values = try values * 0 }
      if fault == .channelsSwapped { values = try values.flipped([1]) }
      return LabelledTensors(inputs: values, labels: try Tensor(samples.map(\.label)))
    }
    let shares = [0.5, 0.25, 0.25]
    // A class that is rare is needed to see that nobody told the network of it.
    let rare = fault == .noPrior
    func samples(_ step: Int) -> [(image: Image, label: Int)] {
      let samples = ToyData.samples(step: step)
      return rare ? samples.filter { $0.label == 0 } + samples.filter { $0.label == 1 }.prefix(1) : samples
    }
    var subject = LearnerSubject(
      classNames: ToyData.names, classShares: rare ? [0.88, 0.11, 0.01] : shares,
      make: { try ToyLearner(seed: $0, width: $1, shares: shares, fault: fault) },
      batch: { try tensors(samples($0)) })
    subject.pictures = { samples($0).map(\.image) }
    // Sorted by class and of an odd number: the last batch is short, and of one class.
    let held = ToyData.samples(step: 1000, count: 45).sorted { $0.label < $1.label }
    var whole = try tensors(held)
    if fault == .heldOutLabelsOfOthers {
      var random = SeededGenerator(seed: 5)
      whole = LabelledTensors(inputs: whole.inputs, labels: try Tensor(random.shuffled(held.map(\.label))))
    }
    let samples = whole
    subject.evaluation = Evaluation(samples: samples) { learner in
      try learner.network.setTraining(false)
      let called = try withoutGradients { try learner.logits(samples.inputs).argmax(1) }
      let right = try called.equal(samples.labels).converted(to: .float64).elements(as: Double.self)
      guard fault == .meansOverBatches else { return right.reduce(0, +) / Double(right.count) }
      let batches = stride(from: 0, to: right.count, by: 16).map { Array(right[$0..<min($0 + 16, right.count)]) }
      return batches.map { $0.reduce(0, +) / Double($0.count) }.reduce(0, +) / Double(batches.count)
    }
    return subject
  }
}
