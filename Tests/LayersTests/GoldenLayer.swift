import Layers
import TestSupport
import Torch

extension GoldenCase {
  /// The layer that this case describes, with its parameters and buffers loaded.
  func layer() throws -> any Layer {
    let layer = try unloadedLayer()
    try layer.load(tensors("parameter.").merging(tensors("buffer.")) { _, buffer in buffer })
    try layer.setTraining(try flag("training") ?? true)
    return layer
  }

  private func unloadedLayer() throws -> any Layer {
    let kind = try text("kind")
    let random = try Generator(seed: 1)
    switch kind {
    case "Conv2d":
      return try Conv2d(
        size("in_channels"), size("out_channels"), kernel: size("kernel_size"), stride: size("stride", 1),
        padding: size("padding", 0), dilation: size("dilation", 1), groups: size("groups", 1),
        bias: flag("bias") ?? true, generator: random)
    case "ConvTranspose2d":
      return try ConvTranspose2d(
        size("in_channels"), size("out_channels"), kernel: size("kernel_size"), stride: size("stride", 1),
        padding: size("padding", 0), outputPadding: size("output_padding", 0), groups: size("groups", 1),
        bias: flag("bias") ?? true, generator: random)
    case "Linear":
      return try Linear(size("in_features"), size("out_features"), bias: flag("bias") ?? true, generator: random)
    case "Embedding": return try Embedding(size("num_embeddings"), size("embedding_dim"), generator: random)
    case "InstanceNorm2d": return try InstanceNorm2d(size("num_features"), affine: flag("affine") ?? false)
    case "BatchNorm2d":
      return try BatchNorm2d(
        size("num_features"), momentum: number("momentum") ?? 0.1, epsilon: number("eps") ?? 1e-5)
    case "GroupNorm": return try GroupNorm(size("num_groups"), size("num_channels"))
    case "LayerNorm": return try LayerNorm(integers("normalized_shape") ?? [])
    case "Dropout": return Dropout(try number("p") ?? 0.5, generator: random)
    default: return try unweightedLayer(kind)
    }
  }

  private func unweightedLayer(_ kind: String) throws -> any Layer {
    switch kind {
    case "ReLU": return ReLU()
    case "LeakyReLU": return LeakyReLU(try number("negative_slope") ?? 0.01)
    case "Tanh": return Tanh()
    case "Sigmoid": return Sigmoid()
    case "SiLU": return SiLU()
    case "GELU":
      guard try text("approximate") == "none" else { throw GoldenError("\(name): only the exact GELU exists") }
      return GELU()
    case "ReflectionPad2d":
      let m = try margins()
      return ReflectionPad2d(left: m[0], right: m[1], top: m[2], bottom: m[3])
    case "ZeroPad2d":
      let m = try margins()
      return ZeroPad2d(left: m[0], right: m[1], top: m[2], bottom: m[3])
    case "ReplicationPad2d":
      let m = try margins()
      return ReplicationPad2d(left: m[0], right: m[1], top: m[2], bottom: m[3])
    case "MaxPool2d":
      return try MaxPool2d(size("kernel_size"), stride: integer("stride"), padding: size("padding", 0))
    case "AvgPool2d":
      return try AvgPool2d(
        size("kernel_size"), stride: integer("stride"), padding: size("padding", 0),
        countingPadding: flag("count_include_pad") ?? true)
    case "AdaptiveAvgPool2d":
      let side = try size("output_size")
      return AdaptiveAvgPool2d(height: side, width: side)
    case "Upsample":
      guard try flag("align_corners") != true else { throw GoldenError("\(name): corners are never aligned") }
      let mode: ResizeMode = try text("mode") == "nearest" ? .nearest : .bilinear
      return try Upsample(size("scale_factor"), mode)
    case "Flatten": return Flatten(try size("start_dim", 1))
    default: throw GoldenError("\(name): no layer for the kind \(kind)")
    }
  }

  private func size(_ key: String, _ usual: Int? = nil) throws -> Int {
    guard let value = try integer(key) ?? usual else { throw GoldenError("\(name) has no setting '\(key)'") }
    return value
  }

  /// Left, right, top, bottom.
  private func margins() throws -> [Int] {
    let given = try integers("padding") ?? []
    guard given.count == 1 || given.count == 4 else { throw GoldenError("\(name): padding is \(given)") }
    return given.count == 1 ? Array(repeating: given[0], count: 4) : given
  }
}
