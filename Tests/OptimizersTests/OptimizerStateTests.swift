import Files
import Layers
import Optimizers
import Testing
import Torch

struct OptimizerStateTests {
  private func parameter(_ values: [Float]) throws -> Parameter { try Parameter(Tensor(values)) }

  private func pair() throws -> NamedParameters {
    NamedParameters([("early", try parameter([1, -2])), ("late", try parameter([3, 0.5, 4]))])
  }

  /// Every optimizer that there is.
  private func optimizers(_ parameters: NamedParameters) -> [any Optimizer] {
    [
      Adam(parameters, learningRate: 0.1, beta1: 0.5, weightDecay: 0.1),
      Adam(parameters, learningRate: 0.1, weightDecay: 0.1, decoupled: true),
      SGD(parameters, learningRate: 0.1, momentum: 0.9, weightDecay: 0.1),
    ]
  }

  /// Adam's bias correction depends on the number of steps: the late parameter's must count from its own first gradient.
  @Test func aParameterWhoseGradientComesLateCountsItsOwnSteps() throws {
    let parameters = try pair()
    let adam = Adam(parameters, learningRate: 0.1, beta1: 0.5)
    let alone = NamedParameters([("late", try parameter([3, 0.5, 4]))])
    let reference = Adam(alone, learningRate: 0.1, beta1: 0.5)
    let slope = try Tensor([0.3, -2, 1e-3] as [Float])
    for step in 1...4 {
      try parameters.items[0].parameter.tensor.setGradient(Tensor([1, 2] as [Float]))
      if step >= 3 {
        try parameters.items[1].parameter.tensor.setGradient(slope)
        try alone.items[0].parameter.tensor.setGradient(slope)
        try reference.step()
      }
      try adam.step()
    }
    let state = try adam.stateTensors()
    #expect(try #require(state["early.step"]).item() == 4)
    #expect(try #require(state["late.step"]).item() == 2)
    #expect(try parameters.items[1].parameter.tensor.bytes() == alone.items[0].parameter.tensor.bytes())
    #expect(try parameters.items[1].parameter.tensor.floats() != [3, 0.5, 4])
  }

  /// Not even weight decay touches a parameter without a gradient, and moments do not carry it on.
  @Test func withoutAGradientNothingMoves() throws {
    for index in 0..<3 {
      let parameters = try pair()
      let optimizer = optimizers(parameters)[index]
      for (_, parameter) in parameters.items { try parameter.tensor.setGradient(parameter.tensor.zerosLike() + 1) }
      try optimizer.step()
      try optimizer.zeroGradients()
      #expect(try parameters.items.allSatisfy { try $0.parameter.tensor.gradient() == nil })
      try parameters.items[0].parameter.tensor.setGradient(Tensor([1, 1] as [Float]))
      let before = try parameters.items.map { try $0.parameter.tensor.bytes() }
      let state = try optimizer.stateTensors().mapValues { try $0.bytes() }
      try optimizer.step()
      #expect(try parameters.items[0].parameter.tensor.bytes() != before[0])
      #expect(try parameters.items[1].parameter.tensor.bytes() == before[1])
      for (name, tensor) in try optimizer.stateTensors() where name.hasPrefix("late") {
        #expect(try tensor.bytes() == state[name])
      }
    }
  }

  @Test func theRateCanChangeBetweenSteps() throws {
    let parameters = try pair()
    let sgd = SGD(parameters, learningRate: 1)
    try parameters.items[0].parameter.tensor.setGradient(Tensor([1, 1] as [Float]))
    sgd.learningRate = 0.5
    try sgd.step()
    #expect(try parameters.items[0].parameter.tensor.floats() == [0.5, -2.5])
  }

  /// The fused kernel pairs elements by their place in memory; a transposed gradient must be put in order first.
  @Test func aGradientInAnotherOrderInMemoryIsPutInOrder() throws {
    let values: [Float] = [1, 2, 3, 4, 5, 6]
    let slopes = try Tensor([1, -1, 2, -2, 0.5, 3] as [Float], shape: [2, 3])
    let other = try slopes.transposed().contiguous().transposed()
    #expect(!other.isContiguous())
    var results: [[Float]] = []
    for gradient in [slopes, other] {
      let parameters = NamedParameters([("w", try Parameter(Tensor(values, shape: [2, 3])))])
      let adam = Adam(parameters, learningRate: 0.1, epsilon: 1)
      try parameters.items[0].parameter.tensor.setGradient(gradient)
      try adam.step()
      results.append(try parameters.items[0].parameter.tensor.floats())
    }
    #expect(results[0] == results[1])
  }

  @Test func severalModulesAreTakenUnderTheirNames() throws {
    let generator = try Generator(seed: 1)
    let first = try Linear(2, 2, bias: false, generator: generator)
    let second = Sequential(first, try Linear(2, 2, bias: false, generator: generator))
    let parameters = try NamedParameters(["first": first, "second": second])
    #expect(parameters.items.map(\.name) == ["first.weight", "second.1.weight"])
    let adam = Adam(parameters)
    try second(.ones([1, 2])).sum().backward()
    try adam.step()
    let expected = ["first.weight", "second.1.weight"].flatMap { ["\($0).exp_avg", "\($0).exp_avg_sq", "\($0).step"] }
    #expect(try adam.stateTensors().keys.sorted() == expected.sorted())
  }

  /// What a damaged or foreign checkpoint may hold.
  static let damages: [(String, @Sendable (inout [String: Tensor]) throws -> Void)] = [
    ("a missing moment", { $0["early.exp_avg"] = nil }),
    ("a missing step", { $0["early.step"] = nil }),
    ("an unknown name", { $0["other.exp_avg"] = try .zeros([2]) }),
    ("another shape", { $0["early.exp_avg_sq"] = try .zeros([3]) }),
    ("a step of 0", { $0["early.step"] = try Tensor([0], shape: []) }),
    ("half a step", { $0["early.step"] = try Tensor([1.5], shape: []) }),
    ("no number", { $0["early.step"] = try Tensor([Double.nan], shape: []) }),
    ("a giant step", { $0["early.step"] = try Tensor([1e300], shape: []) }),
  ]

  @Test(arguments: damages.indices) func aStateThatDoesNotFitIsRefused(_ index: Int) throws {
    let parameters = try pair()
    let adam = Adam(parameters)
    for (_, parameter) in parameters.items { try parameter.tensor.setGradient(parameter.tensor.zerosLike() + 1) }
    try adam.step()
    var state = try adam.stateTensors()
    let before = try state.mapValues { try $0.bytes() }
    try adam.restore(state)
    try Self.damages[index].1(&state)
    let error = #expect(throws: InputError.self, "\(Self.damages[index].0)") { try adam.restore(state) }
    #expect(error?.description.contains("early") == true || error?.description.contains("other") == true)
    #expect(try adam.stateTensors().mapValues { try $0.bytes() } == before)
  }

  /// A restored optimizer must not change the tensors it was given.
  @Test func aRestoredStateIsACopy() throws {
    for index in 0..<3 {
      let parameters = try pair()
      let optimizer = optimizers(parameters)[index]
      for (_, parameter) in parameters.items { try parameter.tensor.setGradient(parameter.tensor.zerosLike() + 1) }
      try optimizer.step()
      let state = try optimizer.stateTensors().mapValues { try $0.cloned() }
      let bytes = try state.mapValues { try $0.bytes() }
      try optimizer.restore(state)
      try optimizer.step()
      #expect(try state.mapValues { try $0.bytes() } == bytes)
      #expect(try optimizer.stateTensors().mapValues { try $0.bytes() } != bytes)
    }
  }

  @Test func withoutMomentumThereIsNoState() throws {
    let parameters = try pair()
    let sgd = SGD(parameters, learningRate: 0.1)
    try parameters.items[0].parameter.tensor.setGradient(Tensor([1, 1] as [Float]))
    try sgd.step()
    #expect(try sgd.stateTensors().isEmpty)
    try sgd.restore([:])
    #expect(throws: InputError.self) { try sgd.restore(["early.momentum_buffer": Tensor([1, 1] as [Float])]) }
  }

  /// The flag lies where the parameters do, so no step needs to wait for it; without it the same gradient is ruinous.
  @Test(arguments: [false, true])
  func aSkippedStepLeavesWeightsAndMoments(decoupled: Bool) throws {
    let parameters = try pair()
    let adam = Adam(parameters, learningRate: 0.1, beta1: 0.5, weightDecay: 0.1, decoupled: decoupled)
    for (_, parameter) in parameters.items { try parameter.tensor.setGradient(parameter.tensor.zerosLike() + 1) }
    try adam.step(skippedIf: Tensor.zeros([]))
    let weights = try parameters.items.map { try $0.parameter.tensor.bytes() }
    func moments() throws -> [String: [UInt8]] {
      try adam.stateTensors().filter { !$0.key.hasSuffix(".step") }.mapValues { try $0.bytes() }
    }
    let before = try moments()
    #expect(before.count == 4)

    try parameters.items[0].parameter.tensor.setGradient(Tensor([1, .nan] as [Float]))
    try adam.step(skippedIf: Tensor.ones([]))
    #expect(try parameters.items.map { try $0.parameter.tensor.bytes() } == weights)
    #expect(try moments() == before)

    try adam.step(skippedIf: Tensor.zeros([]))
    #expect(try parameters.items[0].parameter.tensor.floats()[1].isNaN)
    #expect(try parameters.items[1].parameter.tensor.bytes() != weights[1])
  }

  /// Kernels pair elements by their place in memory: a gradient or a saved moment in another layout must not be mixed up.
  @Test func theLayoutOfAWeightChangesNoStep() throws {
    func weight() throws -> Tensor {
      try Tensor((0..<72).map { Float($0) / 10 }, shape: [4, 2, 3, 3])
    }
    final class Holder: Module {
      let weight: Parameter
      init(_ tensor: Tensor) throws { weight = try Parameter(tensor) }
    }
    let slope = try Tensor((0..<72).map { Float(($0 * 29) % 31) - 15 }, shape: [4, 2, 3, 3])
    let modules = try [Holder(weight()), Holder(weight())]
    try modules[1].move(to: .cpu, channelsLast: true)
    #expect(modules[1].weight.tensor.isContiguous(channelsLast: true) && !modules[1].weight.tensor.isContiguous())
    var adams = try modules.map { Adam(try NamedParameters($0), learningRate: 0.1) }
    for step in 0..<4 {
      if step == 2 {
        let state = try adams[0].stateTensors().mapValues { try $0.cloned() }
        adams = try modules.map { Adam(try NamedParameters($0), learningRate: 0.1) }
        for adam in adams { try adam.restore(state) }
      }
      for (module, adam) in zip(modules, adams) {
        try module.weight.tensor.setGradient(slope * Double(step + 1))
        try adam.step()
      }
    }
    #expect(try modules[0].weight.tensor.bytes() == modules[1].weight.tensor.bytes())
    let moment = try #require(try adams[1].stateTensors()["weight.exp_avg"])
    #expect(moment.isContiguous(channelsLast: true))
    #expect(try moment.bytes() == adams[0].stateTensors()["weight.exp_avg"]?.bytes())
  }
}
