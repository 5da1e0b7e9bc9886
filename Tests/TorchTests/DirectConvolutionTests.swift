import Testing
import Torch

/// Convolutions of every other form that the networks have, and transposed ones.
@Suite struct DirectConvolutionTests {
  struct Form: CustomTestStringConvertible, Sendable {
    var images, height, width, inputs, outputs, kernel, stride, padding: Int
    var outputPadding = 0
    var testDescription: String {
      "\([images, height, width, inputs, outputs, kernel, stride, padding, outputPadding])"
    }
  }

  /// The networks' own: the 7 × 7 ends, halvings, doublings, the discriminator's 4 × 4; then any.
  static let forms: [Form] =
    [
      Form(images: 1, height: 22, width: 19, inputs: 3, outputs: 32, kernel: 7, stride: 1, padding: 0),
      Form(images: 2, height: 15, width: 22, inputs: 1, outputs: 64, kernel: 7, stride: 1, padding: 0),
      Form(images: 1, height: 22, width: 22, inputs: 32, outputs: 3, kernel: 7, stride: 1, padding: 0),
      Form(images: 3, height: 9, width: 13, inputs: 64, outputs: 1, kernel: 7, stride: 1, padding: 0),
      Form(images: 1, height: 16, width: 16, inputs: 32, outputs: 64, kernel: 3, stride: 2, padding: 1),
      Form(images: 5, height: 7, width: 9, inputs: 17, outputs: 33, kernel: 3, stride: 2, padding: 1),
      Form(images: 1, height: 16, width: 16, inputs: 3, outputs: 64, kernel: 4, stride: 2, padding: 1),
      Form(images: 1, height: 5, width: 5, inputs: 128, outputs: 1, kernel: 4, stride: 1, padding: 1),
      Form(images: 2, height: 6, width: 3, inputs: 513, outputs: 2, kernel: 3, stride: 1, padding: 1),
      Form(images: 1, height: 90, width: 91, inputs: 16, outputs: 512, kernel: 3, stride: 2, padding: 1),
    ] + strips
    + {
      var draw = ShapeDraw(seed: 32)
      return (0..<12).map { _ in
        let kernel = draw.int(2...7), padding = draw.int(0...1)
        return Form(
          images: draw.int(1...5), height: draw.int(kernel...17), width: draw.int(kernel...17), inputs: draw.channels(),
          outputs: draw.channels(from: 16), kernel: kernel, stride: draw.int(1...3), padding: padding)
      }
    }()

  /// Rows of output that fill strips of 16 pixels: one or several strips, an odd number of them, strips above each other, and
  /// kernels of one to seven rows.
  private static let strips = [
    Form(images: 1, height: 38, width: 37, inputs: 3, outputs: 40, kernel: 7, stride: 1, padding: 0),
    Form(images: 2, height: 12, width: 38, inputs: 48, outputs: 2, kernel: 7, stride: 1, padding: 0),
    Form(images: 3, height: 31, width: 32, inputs: 48, outputs: 36, kernel: 3, stride: 2, padding: 1),
    Form(images: 1, height: 17, width: 33, inputs: 32, outputs: 80, kernel: 4, stride: 1, padding: 1),
    Form(images: 2, height: 32, width: 31, inputs: 20, outputs: 33, kernel: 4, stride: 2, padding: 1),
    Form(images: 1, height: 140, width: 15, inputs: 16, outputs: 17, kernel: 3, stride: 1, padding: 1),
    Form(images: 1, height: 18, width: 92, inputs: 32, outputs: 24, kernel: 5, stride: 3, padding: 2),
    Form(images: 3, height: 20, width: 31, inputs: 33, outputs: 16, kernel: 2, stride: 1, padding: 0),
  ]

  static let transposed: [Form] =
    [
      Form(
        images: 1, height: 8, width: 8, inputs: 64, outputs: 32, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
      Form(
        images: 3, height: 5, width: 7, inputs: 33, outputs: 17, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
      Form(
        images: 3, height: 15, width: 16, inputs: 64, outputs: 48, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
      Form(images: 2, height: 1, width: 1, inputs: 513, outputs: 16, kernel: 4, stride: 2, padding: 1),
    ]
    + {
      var draw = ShapeDraw(seed: 33)
      return (0..<8).map { _ in
        let stride = draw.int(1...3)
        return Form(
          images: draw.int(1...5), height: draw.int(1...11), width: draw.int(1...11), inputs: draw.channels(from: 16),
          outputs: draw.channels(), kernel: draw.int(3...5), stride: stride, padding: draw.int(0...1),
          outputPadding: draw.int(0...(stride - 1)))
      }
    }()

  private func leaves(_ form: Form, transposed: Bool = false, _ generator: Generator) throws -> [Tensor] {
    let channels = transposed ? [form.inputs, form.outputs] : [form.outputs, form.inputs]
    return [
      try Tensor.normal([form.images, form.inputs, form.height, form.width], generator: generator),
      try Tensor.normal(channels + [form.kernel, form.kernel], standardDeviation: 0.05, generator: generator),
      try Tensor.normal([form.outputs], generator: generator),
    ]
  }

  private func convolution(_ form: Form) -> KernelCheck.Operation {
    { try $0[0].conv2d($0[1], $0[2], stride: form.stride, padding: form.padding, kernels: $1) }
  }

  private func transposedConvolution(_ form: Form) -> KernelCheck.Operation {
    {
      try $0[0].convTranspose2d(
        $0[1], $0[2], stride: form.stride, padding: form.padding, outputPadding: form.outputPadding, kernels: $1)
    }
  }

  @Test(arguments: KernelCheck.available, forms)
  func agreesWithLibtorch(kernels: Kernels, form: Form) throws {
    let generator = try Generator(seed: 11)
    try KernelCheck.expectExact(
      kernels, leaves(form, generator), generator: generator, form.testDescription, convolution(form))
  }

  @Test(arguments: KernelCheck.available, transposed)
  func transposedAgreesWithLibtorch(kernels: Kernels, form: Form) throws {
    let generator = try Generator(seed: 12)
    try KernelCheck.expectExact(
      kernels, leaves(form, transposed: true, generator), generator: generator, form.testDescription,
      transposedConvolution(form))
  }

  @Test(arguments: KernelCheck.available)
  func withoutABiasNothingIsAdded(kernels: Kernels) throws {
    let generator = try Generator(seed: 13)
    let form = Self.forms[5]
    try KernelCheck.expectExact(
      kernels, Array(leaves(form, generator).prefix(2)), generator: generator, form.testDescription
    ) { try $0[0].conv2d($0[1], nil, stride: form.stride, padding: form.padding, kernels: $1) }
  }

  /// A bias that is known to be dead is not added, and gets the gradient 0.
  @Test(arguments: KernelCheck.available)
  func aDeadBiasIsLeftOut(kernels: Kernels) throws {
    let leaves = try leaves(Self.forms[5], Generator(seed: 14))
    let bias = leaves[2]
    try bias.setRequiresGradient(true)
    let y = try leaves[0].conv2d(leaves[1], bias, stride: 2, padding: 1, deadBias: true, kernels: kernels)
    let plain = try leaves[0].conv2d(leaves[1], nil, stride: 2, padding: 1, kernels: kernels)
    #expect(try y.detached().bytes() == plain.bytes())
    try (y * y).sum().backward()
    #expect(try #require(try bias.gradient()).abs().max().item() == 0)
  }

  @Test(arguments: KernelCheck.available)
  func theSameInputGivesTheSameBytes(kernels: Kernels) throws {
    let form = Self.forms[5]
    try KernelCheck.expectSameBytesTwice(leaves(form, Generator(seed: 15)), kernels, convolution(form))
  }
}
