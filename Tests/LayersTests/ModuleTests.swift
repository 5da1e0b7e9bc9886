import Layers
import Testing
import Torch

private class Block: Module {
  let convBlock: Sequential
  init(_ generator: Generator) throws(TorchError) {
    convBlock = Sequential(
      ReflectionPad2d(1), try Conv2d(2, 2, kernel: 3, generator: generator), try InstanceNorm2d(2, affine: true))
  }
}

/// Inherits a module and has one of everything that can hold one.
private final class Network: Block {
  let firstLinear: Linear
  let shared: Linear
  let scaleRGB: Parameter
  var absent: Linear?
  var present: Linear?
  let blocks: [Block]
  let byName: [String: Linear]
  let pair: (Linear, Int)
  lazy var late: Parameter? = nil
  let statistics: Buffer
  let sameStatistics: Buffer
  weak var parent: Network?
  let note = "not a tensor"

  override init(_ generator: Generator) throws(TorchError) {
    firstLinear = try Linear(2, 3, generator: generator)
    shared = firstLinear
    scaleRGB = try Parameter(.ones([3]))
    present = try Linear(1, 1, bias: false, generator: generator)
    blocks = [try Block(generator), try Block(generator)]
    byName = [
      "b": try Linear(1, 1, bias: false, generator: generator),
      "a": try Linear(1, 1, bias: false, generator: generator),
    ]
    pair = (try Linear(1, 1, bias: false, generator: generator), 3)
    statistics = Buffer(try .zeros([3]))
    sameStatistics = statistics
    try super.init(generator)
    parent = self
  }
}

private final class Forgetful: Module {
  let inner: Inner
  init(_ tensor: Tensor?) { inner = Inner(tensor) }

  final class Inner: Module {
    var cachedMasks: [Tensor?]
    init(_ tensor: Tensor?) { cachedMasks = [nil, tensor] }
  }
}

private final class Named: Module {
  let convBlock, conv1, G_A, numBatchesTracked, aURL, scaleRGBValue: Parameter
  init() throws(TorchError) {
    let zeros = try Tensor.zeros([1])
    convBlock = try Parameter(zeros)
    conv1 = try Parameter(zeros)
    G_A = try Parameter(zeros)
    numBatchesTracked = try Parameter(zeros)
    aURL = try Parameter(zeros)
    scaleRGBValue = try Parameter(zeros)
  }
}

struct ModuleTests {
  @Test func findsParametersInTheOrderOfDeclarationUnderPyTorchsNames() throws {
    let network = try Network(Generator(seed: 1))
    let block = ["1.weight", "1.bias", "2.weight", "2.bias"].map { "conv_block.\($0)" }
    let expected =
      block + ["first_linear.weight", "first_linear.bias", "scale_rgb", "present.weight"]
      + block.map { "blocks.0.\($0)" } + block.map { "blocks.1.\($0)" }
      + ["by_name.a.weight", "by_name.b.weight", "pair.0.weight"]
    #expect(try network.namedParameters().map(\.name) == expected)
    #expect(try network.namedBuffers().map(\.name) == ["statistics"])
    let identities = try Set(network.parameters().map(ObjectIdentifier.init))
    #expect(identities.count == expected.count)
    #expect(try network.parameterCount() == 3 * (2 * 2 * 9 + 2 + 2 + 2) + 9 + 3 + 4)
  }

  @Test func optionalAndLazyParametersCountOnceTheyAreThere() throws {
    let network = try Network(Generator(seed: 1))
    let before = try network.namedParameters().count
    network.absent = try Linear(1, 1, bias: false, generator: Generator(seed: 1))
    network.late = try Parameter(.zeros([1]))
    let names = try network.namedParameters().map(\.name)
    #expect(names.count == before + 2)
    #expect(names.contains("absent.weight") && names.contains("late"))
  }

  @Test func namesBecomeSnakeCase() throws {
    #expect(
      try Named().namedParameters().map(\.name) == [
        "conv_block", "conv1", "g_a", "num_batches_tracked", "a_url", "scale_rgb_value",
      ])
  }

  @Test func submodulesAreListedOnceParentsFirst() throws {
    let block = try Block(Generator(seed: 1))
    #expect(try block.submodules().map(\.name) == ["conv_block", "conv_block.0", "conv_block.1", "conv_block.2"])
    #expect(try block.submodules().first?.module === block.convBlock)
  }

  @Test func aStrayTensorIsAnErrorThatNamesIt() throws {
    let module = Forgetful(try .zeros([1]))
    let error = #expect(throws: TorchError.self) { try module.parameters() }
    #expect(error?.description.contains("inner.cached_masks.1") == true)
    #expect(error?.description.contains("Inner") == true)
    #expect(throws: TorchError.self) { try module.stateDictionary() }
    #expect(throws: TorchError.self) { try module.load([:], strict: false) }
    #expect(throws: TorchError.self) { try module.setTraining(false) }
    #expect(try Forgetful(nil).parameters().isEmpty)
  }

  @Test func frozenParametersGetNoGradientButLetItPass() throws {
    let generator = try Generator(seed: 1)
    let frozen = try Linear(3, 3, generator: generator)
    let free = try Linear(3, 3, generator: generator)
    try frozen.setRequiresGradient(false)
    try frozen(free(.ones([2, 3]))).sum().backward()
    #expect(try frozen.weight.tensor.gradient() == nil)
    #expect(try free.weight.tensor.gradient() != nil)
    try frozen.setRequiresGradient(true)
    try frozen(.ones([2, 3])).sum().backward()
    #expect(try frozen.weight.tensor.gradient() != nil)
  }

  @Test func theModeReachesEveryModule() throws {
    let generator = try Generator(seed: 1)
    let norm = try BatchNorm2d(2)
    let dropout = Dropout(generator: generator)
    let network = Sequential(Sequential(norm), dropout)
    #expect(norm.isTraining && dropout.isTraining)
    try network.setTraining(false)
    #expect(!norm.isTraining && !dropout.isTraining)
    try norm.setTraining(true)
    #expect(norm.isTraining && !dropout.isTraining)
  }

  @Test func movingChangesTypesButNotWholeNumbers() throws {
    let norm = try BatchNorm2d(2)
    try norm.weight.tensor.setRequiresGradient(false)
    try norm.move(to: .cpu, type: .float64)
    let state = try norm.stateDictionary()
    #expect(state["running_mean"]?.type == .float64 && state["weight"]?.type == .float64)
    #expect(state["num_batches_tracked"]?.type == .int64)
    #expect(!norm.weight.tensor.requiresGradient && norm.bias.tensor.requiresGradient)
    // Later batches reach the very tensors that the state shows.
    _ = try norm(.ones([2, 2, 3, 3], type: .float64))
    #expect(try #require(try norm.stateDictionary()["num_batches_tracked"]).item() == 1)
  }

  @Test func parametersAreContiguousLeaves() throws {
    let source = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    try source.setRequiresGradient(true)
    let parameter = try Parameter(source.transposed() * 2)
    #expect(parameter.tensor.isContiguous())
    try parameter.tensor.sum().backward()
    #expect(try parameter.tensor.gradient()?.floats() == Array(repeating: 1, count: 6))
    #expect(try source.gradient() == nil)
    #expect(try parameter.tensor.floats() == [2, 8, 4, 10, 6, 12])
    #expect(throws: TorchError.self) { try Parameter(Tensor([1, 2])) }
  }
}
