import Layers
import Torch

/// One small network per tapped layer, from features at sampled places to unit vectors (Park et al., ECCV 2020:
/// two layers with 256 units, as in SimCLR).
///
/// State names are those of the published checkpoints: `mlp_0.0.weight`, `mlp_0.2.bias`, …
public final class PatchHeads: Module, CustomReflectable {
  let heads: [Sequential]

  /// - Parameter channels: of each tapped layer.
  public init(channels: [Int], width: Int = 256, generator: Generator) throws(TorchError) {
    var heads: [Sequential] = []
    for inputs in channels {
      heads.append(
        Sequential(
          try Linear(inputs, width, generator: generator), ReLU(), try Linear(width, width, generator: generator)))
    }
    self.heads = heads
  }

  /// A vector of length 1 for each sampled place of each layer: x / (‖x‖₂ + 1e-7).
  ///
  /// Computed in the heads' own type, mixed precision or not.
  /// Shapes: per layer [N, C, H, W] and int64 [P] within 0 ..< H · W → [N, P, width].
  public func callAsFunction(_ features: [Tensor], at patches: [Tensor]) throws(TorchError) -> [Tensor] {
    guard features.count == heads.count, patches.count == heads.count else {
      throw TorchError(
        .operation,
        "there are \(heads.count) heads, but features of \(features.count) and patches of \(patches.count) layers")
    }
    var vectors: [Tensor] = []
    for (head, (map, places)) in zip(heads, zip(features, patches)) {
      let sampled = try map.flattened(2).selected(2, places.moved(to: map.device)).transposed(1, 2)  // [N, P, C]
      vectors.append(
        try withoutAutocast(on: map.device) { () throws(TorchError) in
          let vector = try head(sampled.converted(to: type))
          return try vector / (vector.norm(2, [-1], keep: true) + 1e-7)
        })
    }
    return vectors
  }

  private var type: DataType { (heads.first?.layers.first as? Linear)?.weight.tensor.type ?? .float32 }

  /// Overwrites the weights; biases become 0.
  func initialize(_ weights: Initializer, generator: Generator) throws(TorchError) {
    for case let linear as Linear in heads.flatMap(\.layers) {
      try weights.fill(linear.weight.tensor, generator: generator)
      if let bias = linear.bias { try Initializer.zeros.fill(bias.tensor, generator: generator) }
    }
  }

  public var customMirror: Mirror {
    Mirror(self, children: heads.enumerated().map { index, head -> Mirror.Child in ("mlp_\(index)", head) })
  }
}
