import Layers
import Models
import Runs
import Torch

/// Which parameters a few steps move, and which cannot be moved.
extension TranslatorChecks {
  /// A bias in front of an instance norm is taken away again by it: its gradient is 0 but for rounding, as the published
  /// networks have it (the bias stays for the sake of their checkpoints).
  ///
  /// Such a bias is known by the doctor's own gradient: that of a network's output, weighted at random, is smaller than
  /// `deadShare` of the median over the network's parameters. Measured over 20 seeds it is exactly 0 with this project's
  /// layers, and at most 3e-5 of the median where somebody's norm is computed in steps; any other parameter's was at least
  /// 0.13 of it.
  static let deadShare = 1e-3

  func parametersMove() throws -> Outcome {
    let translator = try fresh()
    let before = try translator.weights()
    let dead = try deadBiases(translator, subject.batch(0))
    for step in 0..<Self.movingSteps { _ = try translator.train(subject.batch(step)) }
    let after = try translator.weights()
    var objections: [String] = []
    var (count, deadCount) = (0, 0)
    for (name, network) in translator.networks {
      let names = try network.namedParameters().map { "\(name).\($0.name)" }
      let still = try names.filter { parameter in
        guard let old = before[parameter], let new = after[parameter] else { return true }
        return try !(apart(old, new) > 0)
      }
      count += names.count
      deadCount += names.count { dead.contains($0) }
      if still.count == names.count, !names.isEmpty {
        objections.append("\(name) does not learn: none of its \(names.count) parameters moves")
      } else {
        let alive = still.filter { !dead.contains($0) }
        if !alive.isEmpty { objections.append("\(Self.named(alive)) \(alive.count == 1 ? "stays" : "stay") still") }
      }
    }
    let measures: [CheckResult.Measure] = [
      .init("parameter tensors", Double(count)),
      .init("biases whose gradient is 0 by design", Double(deadCount)),
      .init("networks or tensors that do not move", Double(objections.count), "0"),
    ]
    guard objections.isEmpty else {
      return Outcome(.fail, objections.joined(separator: "; "), measures: measures)
    }
    let reported = deadCount == 0 ? "" : ", but for biases that a norm behind them takes away (\(deadCount))"
    return Outcome(
      .pass, "all \(count) parameter tensors move within \(Self.movingSteps) steps\(reported)", measures: measures)
  }

  /// The names of parameters of one dimension that have no say in what their network gives.
  private func deadBiases(_ translator: any CheckedTranslator, _ batch: TranslatorBatch) throws -> Set<String> {
    var dead: Set<String> = []
    func look(_ network: TranslatorNetwork, _ output: () throws -> Tensor?) throws {
      for (name, share) in try gradientShares(translator, network, output) where share.value < Self.deadShare {
        if share.rank == 1 { dead.insert("\(network.rawValue).\(name)") }
      }
    }
    for direction in directions(translator) {
      let (images, mask) = (batch.source(direction), batch.mask(direction))
      try look(direction.generator) { try translator.translated(images, direction, mask: mask) }
      try look(direction.discriminator) { try translator.scores(images, direction, mask: mask) }
    }
    return dead
  }

  /// Root mean squares of the gradients of a network's output, weighted at random, by its parameters; over their median.
  func gradientShares(
    _ translator: any CheckedTranslator, _ network: TranslatorNetwork, _ output: () throws -> Tensor?
  ) throws -> [(name: String, share: (value: Double, rank: Int))] {
    let named = try translator.network(network.rawValue)?.namedParameters() ?? []
    let frozen = named.filter { !$0.parameter.tensor.requiresGradient }
    for (_, parameter) in frozen { try parameter.tensor.setRequiresGradient(true) }
    guard !named.isEmpty, let made = try output() else { return [] }
    let gradients = try made.gradients(of: named.map(\.parameter.tensor), cotangent: noise(like: made))
    for (_, parameter) in frozen { try parameter.tensor.setRequiresGradient(false) }
    let sizes = try gradients.map { try $0.map { try $0.squared().mean().sqrt().item() } ?? 0 }
    let median = sizes.sorted()[sizes.count / 2]
    return zip(named, sizes).map { named, size in
      (named.name, (median > 0 ? size / median : 0, named.parameter.tensor.rank))
    }
  }
}
