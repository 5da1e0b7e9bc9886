import Layers
import TestSupport
import Testing
import Torch

@testable import Models

/// Translation in strips is the translation of the whole image.
struct StripTests {
  struct Case: CustomTestStringConvertible {
    let channels: Int
    let height: Int
    let width: Int
    let rows: Int
    let antialiasing: Bool
    var blocks = 2
    var testDescription: String {
      "\(channels) × \(height) × \(width) by \(rows), \(blocks) blocks\(antialiasing ? ", blurred" : "")"
    }
  }

  static let cases = [
    Case(channels: 1, height: 64, width: 32, rows: 16, antialiasing: false),
    Case(channels: 1, height: 64, width: 32, rows: 4, antialiasing: false),
    Case(channels: 3, height: 84, width: 36, rows: 20, antialiasing: false),
    Case(channels: 3, height: 132, width: 20, rows: 128, antialiasing: false),
    Case(channels: 1, height: 8, width: 8, rows: 4, antialiasing: false),
    Case(channels: 1, height: 40, width: 64, rows: 4096, antialiasing: false),
    Case(channels: 3, height: 52, width: 44, rows: 24, antialiasing: false, blocks: 0),
    Case(channels: 1, height: 96, width: 40, rows: 28, antialiasing: false, blocks: 9),
    Case(channels: 1, height: 64, width: 32, rows: 16, antialiasing: true),
    Case(channels: 3, height: 76, width: 28, rows: 4, antialiasing: true),
    Case(channels: 3, height: 100, width: 24, rows: 32, antialiasing: true, blocks: 6),
  ]

  /// An image of which no two parts are alike: a slope of light, a bright corner and noise.
  private func image(_ channels: Int, _ height: Int, _ width: Int) throws -> Tensor {
    let noise = try Tensor.normal(
      [1, channels, height, width], standardDeviation: 0.2, generator: Generator(seed: 5))
    let slope = (0..<height * width).map { index -> Float in
      let (x, y) = (Float(index % width) / Float(width), Float(index / width) / Float(height))
      return 1.2 * y - 0.5 + (x < 0.2 && y < 0.3 ? 0.5 : 0)
    }
    return try (noise + Tensor(slope, shape: [1, 1, height, width])).clamped(-1, 1)
  }

  private func generator(_ one: Case, filters: Int, deviation: Double) throws -> ResNetGenerator {
    let random = try Generator(seed: 1)
    let network = try ResNetGenerator(
      inputs: one.channels, outputs: one.channels, filters: filters, blocks: one.blocks,
      antialiasing: one.antialiasing, generator: random)
    try network.initialize(
      convolutions: .normal(standardDeviation: deviation), biases: .uniform(bound: 0.5), generator: random)
    return network
  }

  /// The weights that training starts from, and ones ten times as large, which the last layer does not forget.
  @Test(arguments: cases, [0.02, 0.2])
  func noPixelIsAGreyLevelOff(one: Case, deviation: Double) throws {
    // 16 filters, so that the kernels for channels innermost have their part.
    let network = try generator(one, filters: 16, deviation: deviation)
    let input = try image(one.channels, one.height, one.width)
    try withoutGradients {
      let whole = try network(input)
      let strips = try network(input, strips: one.rows)
      #expect(strips.shape == whole.shape)
      // In levels, of which rounding makes up to 0.017 where weights are large.
      let off = try ((strips - whole) * 127.5).abs().max().item()
      #expect(off < 0.05, "\(off) grey levels")
      #expect(try whole.variance().item() > 1e-4, "a flat picture shows no seam")
    }
  }

  /// What naive tiles do, so that the comparison above means something: their statistics differ.
  @Test func tilesAloneWouldShow() throws {
    let one = Case(channels: 1, height: 64, width: 32, rows: 32, antialiasing: false)
    let network = try generator(one, filters: 16, deviation: 0.2)
    let input = try image(1, 64, 32)
    let naive = try Tensor.concatenated([network(input.sliced(2, 0..<32)), network(input.sliced(2, 32..<64))], 2)
    #expect(try ((naive - network(input)) * 127.5).abs().max().item() > 20)
  }

  @Test func imagesOfABatchKeepTheirOwnStatistics() throws {
    let one = Case(channels: 1, height: 32, width: 24, rows: 8, antialiasing: false)
    let network = try generator(one, filters: 8, deviation: 0.2)
    let first = try image(1, 32, 24)
    let both = try Tensor.concatenated([first, first.flipped([2]) * 0.3 + 0.4])
    let whole = try network(both)
    let strips = try network(both, strips: 8)
    #expect(try ((strips - whole) * 127.5).abs().max().item() < 0.05)
    #expect(strips.requiresGradient == false && whole.requiresGradient)
  }

  @Test func whatCannotBeCutIsRefused() throws {
    let random = try Generator(seed: 0)
    let input = try Tensor.zeros([1, 1, 16, 16])
    let refused: [[any Layer]] = [
      [Flatten()], [ReflectionPad2d(1)], [try Conv2d(1, 1, kernel: 3, generator: random)],
      [ReflectionPad2d(2), try Conv2d(1, 1, kernel: 3, generator: random)],
      [try Conv2d(1, 1, kernel: 4, padding: 1, generator: random)],
      [try ConvTranspose2d(1, 1, kernel: 4, stride: 2, padding: 1, generator: random)],
      [try InstanceNorm2d(1, affine: true)],
    ]
    for layers in refused {
      #expect(throws: TorchError.self) { try Sequential(layers)(input, strips: 4) }
    }
    let network = try ResNetGenerator(inputs: 1, outputs: 1, filters: 2, blocks: 1, generator: random)
    #expect(throws: TorchError.self) { try network(Tensor.zeros([1, 1, 30, 32]), strips: 4) }
    #expect(throws: TorchError.self) { try network(Tensor.zeros([1, 1, 32, 32]), strips: 0) }
  }
}
