import Layers
import Optimizers
import TestSupport
import Testing
import Torch

/// Five steps of every optimizer, factors of every schedule and the moving average against PyTorch.
struct OptimizerGoldenTests {
  static let cases = Goldens.cases("optimizers")
  static let schedules = cases.filter { $0.hasPrefix("schedule_") }
  static let averages = cases.filter { $0.hasPrefix("ema") }
  static let optimizers = cases.filter { !$0.hasPrefix("schedule_") && !$0.hasPrefix("ema") }

  @Test func theFileHasTheCasesThatItShould() {
    #expect(Self.optimizers.count >= 7 && Self.schedules.count >= 4 && Self.averages.count >= 1)
  }

  @Test(arguments: optimizers) func fiveStepsAgreeWithPyTorch(_ name: String) throws {
    let golden = try Goldens("optimizers")(name)
    let parameters = NamedParameters(
      try ["weight", "bias"].map { ($0, try Parameter(golden.tensor("parameter.\($0)"))) })
    let optimizer = try golden.optimizer(parameters)
    for step in 1...5 {
      for (name, parameter) in parameters.items {
        try parameter.tensor.setGradient(golden.tensor("gradient.\(step).\(name)"))
      }
      try optimizer.step()
      for (name, parameter) in parameters.items {
        try expectClose(parameter.tensor, golden.tensor("after.\(step).\(name)"), "\(name) after step \(step)")
      }
    }
    #expect(golden.leftovers.isEmpty, "parts of the case that the test did not use")
  }

  /// Stops after two steps, saves, and goes on with a new optimizer: the same bytes as without the stop.
  @Test(arguments: optimizers) func aRestoredOptimizerGoesOnExactly(_ name: String) throws {
    func run(stoppingAfter stop: Int?) throws -> [[UInt8]] {
      let golden = try Goldens("optimizers")(name)
      let parameters = NamedParameters(
        try ["weight", "bias"].map { ($0, try Parameter(golden.tensor("parameter.\($0)"))) })
      var optimizer = try golden.optimizer(parameters)
      for step in 1...5 {
        for (name, parameter) in parameters.items {
          try parameter.tensor.setGradient(golden.tensor("gradient.\(step).\(name)"))
        }
        try optimizer.step()
        if step == stop {
          let state = try optimizer.stateTensors().mapValues { try $0.cloned() }
          optimizer = try golden.optimizer(parameters)
          try optimizer.restore(state)
        }
      }
      return try parameters.items.map { try $0.parameter.tensor.bytes() }
    }
    #expect(try run(stoppingAfter: 2) == run(stoppingAfter: nil))
  }

  @Test(arguments: schedules) func factorsAgreeWithPyTorch(_ name: String) throws {
    let golden = try Goldens("optimizers")(name)
    let expected = try golden.tensor("factors")
    let schedule = try golden.schedule()
    try schedule.validate(at: "schedule")
    let factors = (0..<expected.count).map(schedule.factor)
    try expectClose(Tensor(factors), expected, "factors")
    #expect(golden.leftovers.isEmpty, "parts of the case that the test did not use")
  }

  @Test(arguments: averages) func averagesAgreeWithPyTorch(_ name: String) throws {
    let golden = try Goldens("optimizers")(name)
    let parameter = try Parameter(golden.tensor("parameter.weight"))
    let average = try WeightAverage(
      of: NamedParameters([("weight", parameter)]), decay: #require(try golden.number("decay")))
    for update in 1...5 {
      try withoutGradients { try parameter.tensor.copy(from: golden.tensor("input.\(update).weight")) }
      try average.update()
      let value = try #require(average.stateTensors()["weight"])
      try expectClose(value, golden.tensor("output.\(update).weight"), "average after update \(update)")
    }
    #expect(golden.leftovers.isEmpty, "parts of the case that the test did not use")
  }
}

extension GoldenCase {
  func optimizer(_ parameters: NamedParameters) throws -> any Optimizer {
    let rate = try #require(try number("lr"))
    let decay = try number("weight_decay") ?? 0
    switch try text("kind") {
    case "SGD":
      return try SGD(
        parameters, learningRate: rate, momentum: number("momentum") ?? 0, nesterov: flag("nesterov") ?? false,
        weightDecay: decay)
    case let kind where kind == "Adam" || kind == "AdamW":
      let betas = try #require(try numbers("betas"))
      return Adam(
        parameters, learningRate: rate, beta1: betas[0], beta2: betas[1], epsilon: try #require(try number("eps")),
        weightDecay: decay, decoupled: kind == "AdamW")
    case let kind: throw GoldenError("\(name): no optimizer of the kind \(kind)")
    }
  }

  func schedule() throws -> LearningRateSchedule {
    if name.hasPrefix("schedule_linear") {
      return .linearDecay(
        constantEpochs: try #require(try integer("constant_epochs")),
        decayEpochs: try #require(try integer("decay_epochs")))
    }
    if name == "schedule_cosine" {
      return .cosine(epochs: try #require(try integer("epochs")), minimum: try #require(try number("minimum")))
    }
    if name == "schedule_step" {
      return .step(epochs: try #require(try integer("step_size")), factor: try #require(try number("gamma")))
    }
    throw GoldenError("no schedule for the case \(name)")
  }
}
