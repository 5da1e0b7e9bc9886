import Torch

/// Layers as an evaluation in strips sees them: what reaches how far, and where statistics are needed.
struct StripPlan {
  indirect enum Step {
    /// Makes rows of rows nearby.
    case local(LocalStep)
    /// Treats every element alone.
    case pointwise(any Layer)
    /// Needs the whole map's mean and variance; the map's elements, and its height.
    case norm(epsilon: Double, count: Int, height: Int)
    /// Adds its input to what the steps make of it.
    case residual([Step], height: Int)
  }

  private(set) var steps: [Step] = []
  let outputHeight: Int
  /// Elements of the smallest map that is normalised.
  private(set) var smallestNormed = Int.max

  /// - Parameter shape: of the input, [N, C, H, W].
  init(_ layers: [any Layer], of shape: [Int]) throws(TorchError) {
    var map = Map(count: shape[0], channels: shape[1], height: shape[2], width: shape[3])
    var smallest = Int.max
    steps = try Self.steps(of: layers, &map, &smallest)
    outputHeight = map.height
    smallestNormed = smallest
  }

  /// How large a map is.
  private struct Map {
    let count: Int
    var channels: Int
    var height: Int
    var width: Int

    var elements: Int { count * channels * height * width }

    mutating func change(by step: LocalStep) throws(TorchError) {
      guard height % step.shrink == 0, width % step.shrink == 0 else {
        throw TorchError(.operation, "strips of a map of \(height) × \(width), which is to be halved")
      }
      (height, width) = (height * step.grow / step.shrink, width * step.grow / step.shrink)
    }
  }

  private static func steps(
    of layers: [any Layer], _ map: inout Map, _ smallest: inout Int
  ) throws(TorchError) -> [Step] {
    var steps: [Step] = []
    var rest = layers[...]
    while let layer = rest.popFirst() {
      switch layer {
      case let margin as Pad2d:
        guard let convolution = rest.popFirst() as? Conv2d else { throw unknown(margin) }
        try steps.append(local(convolution, after: margin, &map))
      case let convolution as Conv2d:
        try steps.append(local(convolution, after: nil, &map))
      case let convolution as ConvTranspose2d:
        let shape = convolution.weight.tensor.shape
        guard shape[2] == 3, shape[3] == 3, convolution.stride == 2, convolution.padding == 1,
          convolution.outputPadding == 1, convolution.dilation == 1
        else { throw unknown(layer) }
        map.channels = shape[1] * convolution.groups
        try steps.append(local(LocalStep([layer], reach: 1, grow: 2, inputHeight: map.height), &map))
      case is BlurDownsample:
        try steps.append(local(LocalStep([layer], reach: 1, shrink: 2, inputHeight: map.height), &map))
      case let upsample as Upsample where upsample.mode == .nearest || upsample.mode == .bilinear:
        try steps.append(local(LocalStep([layer], reach: 1, grow: upsample.scale, inputHeight: map.height), &map))
      case let norm as InstanceNorm2d where norm.weight == nil:
        smallest = min(smallest, map.elements)
        steps.append(.norm(epsilon: norm.epsilon, count: map.elements, height: map.height))
      case is ReLU, is LeakyReLU, is Tanh, is Sigmoid, is GELU, is SiLU:
        steps.append(.pointwise(layer))
      case let block as any ResidualLayer:
        let before = map
        steps.append(.residual(try self.steps(of: block.body.layers, &map, &smallest), height: map.height))
        guard map.elements == before.elements, map.height == before.height else { throw unknown(layer) }
      default: throw unknown(layer)
      }
    }
    return steps
  }

  private static func local(_ step: LocalStep, _ map: inout Map) throws(TorchError) -> Step {
    try map.change(by: step)
    return .local(step)
  }

  /// A convolution that keeps the sides, or halves them, with the margin in front of it.
  private static func local(
    _ convolution: Conv2d, after margin: Pad2d?, _ map: inout Map
  ) throws(TorchError) -> Step {
    let shape = convolution.weight.tensor.shape
    let reach = (shape[2] - 1) / 2
    let margins = margin.map { [$0.left, $0.right, $0.top, $0.bottom] } ?? [0, 0, 0, 0]
    guard shape[2] == shape[3], shape[2] % 2 == 1, convolution.dilation == 1, [1, 2].contains(convolution.stride),
      margins.allSatisfy({ $0 + convolution.padding == reach })
    else { throw unknown(convolution) }
    map.channels = shape[0]
    let layers: [any Layer] = (margin.map { [$0] } ?? []) + [convolution]
    return try local(LocalStep(layers, reach: reach, shrink: convolution.stride, inputHeight: map.height), &map)
  }

  private static func unknown(_ layer: any Layer) -> TorchError {
    TorchError(.operation, "strips cannot be taken through this \(Swift.type(of: layer))")
  }
}

/// Layers whose rows depend on rows nearby, computed on a window of rows: they are applied to the window as if it were all
/// there is, and what the margin made up at its ends has reached is cut off.
struct LocalStep {
  private let layers: Sequential
  /// Rows of the input on either side of those that lie under a row of the output.
  let reach: Int
  /// The output has `grow / shrink` as many rows.
  let shrink: Int
  let grow: Int
  let inputHeight: Int

  init(_ layers: [any Layer], reach: Int, shrink: Int = 1, grow: Int = 1, inputHeight: Int) {
    self.layers = Sequential(layers)
    self.reach = reach
    self.shrink = shrink
    self.grow = grow
    self.inputHeight = inputHeight
  }

  /// The rows of the input that rows of the output need. At the map's own ends the window ends too: there the layers' margin
  /// is the true one.
  func window(for rows: Range<Int>) -> Range<Int> {
    let first = rows.lowerBound * shrink / grow - reach
    let end = (rows.upperBound * shrink + grow - 1) / grow + reach
    // A whole number of steps from the map's first row, so that strides fall where they would.
    let start = max(first, 0) / shrink * shrink
    return start..<min((end + shrink - 1) / shrink * shrink, inputHeight)
  }

  /// - Parameter input: the rows `window(for: rows)`.
  func callAsFunction(_ input: Tensor, rows: Range<Int>) throws(TorchError) -> Tensor {
    let made = try layers(input)
    let first = rows.lowerBound - window(for: rows).lowerBound * grow / shrink
    return made.shape[2] == rows.count ? made : try made.sliced(2, first..<first + rows.count)
  }
}
