import Datasets
import Images
import Torch
import Training

/// Numbers by which windows around defects are compared: a network's features where there are any, else the pixels.
///
/// Pixels are grey, 32 × 32, less their mean and divided by their length, so that half the squared distance of two windows is 1
/// less their correlation; real windows stand there in all eight orientations. A network sees real windows upright only.
public struct WindowFeatures {
  /// What they are, in words.
  public let name: String
  /// The sides to which windows are brought.
  let side: Int
  private let network: FeatureNetwork?

  private static let batchSize = 16

  /// - Parameter network: nil for the pixels.
  public init(_ network: FeatureNetwork? = nil) {
    self.network = network
    name = network?.name ?? "pixels of 32 × 32 windows"
    side = network == nil ? 32 : 128
  }

  /// How many rows a real defect takes.
  var rowsPerReference: Int { network == nil ? 8 : 1 }

  /// Shapes: → [N, D].
  func rows(of windows: [Image]) throws -> Tensor {
    guard let network else { return try pixels(of: windows) }
    var parts: [Tensor] = []
    for start in stride(from: 0, to: windows.count, by: Self.batchSize) {
      let batch = windows[start..<min(start + Self.batchSize, windows.count)].map { $0.colour() }
      parts.append(try network.features(of: PixelBatch(batch).tensor()))
    }
    return try .concatenated(parts)
  }

  /// The rows of real windows: of each window `rowsPerReference`, one after another, the upright one first.
  ///
  /// Shapes: → [N × rowsPerReference, D].
  func references(of windows: [Image]) throws -> Tensor {
    rowsPerReference == 1 ? try rows(of: windows) : try pixels(of: windows.flatMap { try $0.orientations() })
  }

  private func pixels(of windows: [Image]) throws -> Tensor {
    var values: [Float] = []
    values.reserveCapacity(windows.count * side * side)
    for window in windows {
      let bytes = try window.grey().bytes
      let mean = Float(bytes.reduce(0) { $0 + Int($1) }) / Float(bytes.count)
      let squares = bytes.reduce(Float(0)) { $0 + (Float($1) - mean) * (Float($1) - mean) }
      // A window of one value has nothing to compare; it stays at the origin.
      let length = squares > 0 ? squares.squareRoot() : 1
      values += bytes.map { (Float($0) - mean) / length }
    }
    return try Tensor(values, shape: [windows.count, side * side])
  }
}
