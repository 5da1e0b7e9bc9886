import CTorch

/// How `resized` fills in between.
public enum ResizeMode: Int32, Sendable {
  /// Corners are never aligned: pixel centres keep their places, as in OpenCV and PIL.
  case nearest = 0
  case bilinear, bicubic
  /// Means over areas; only for shrinking.
  case area
}

/// Convolution, pooling, resizing, normalisation. Images are [N, C, H, W].
extension Tensor {
  /// Shapes: [N, I, H, W], weight [O, I / groups, K, L], bias [O] → [N, O, H′, W′].
  /// - Parameter deadBias: an instance norm follows, through which the bias does not get: it need not be added, and its
  ///   gradient may be 0.
  public func conv2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1,
    deadBias: Bool = false, kernels: Kernels = .automatic
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime(bias) {
        ct_conv2d(
          handle, weight.handle, bias?.handle, both(stride), both(padding), both(dilation), Int64(groups), deadBias,
          kernels.rawValue, error)
      }
    }
  }

  /// The same with a padding of its own along each axis, for kernels such as 1 × 7.
  public func conv2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: (height: Int, width: Int)
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime(bias) {
        ct_conv2d(
          handle, weight.handle, bias?.handle, both(stride), [Int64(padding.height), Int64(padding.width)], both(1), 1,
          false, Kernels.automatic.rawValue, error)
      }
    }
  }

  /// A 3 × 3 convolution after a mirrored margin of one pixel, by Winograd's algorithm where `kernels` has it (Lavin and
  /// Gray, CVPR 2016): float32 agrees with a direct convolution to 1e-5 of the root mean square.
  ///
  /// Shapes: [N, I, H, W], weight [O, I, 3, 3], bias [O] → [N, O, H, W].
  public func reflectedConv3x3(
    _ weight: Tensor, _ bias: Tensor? = nil, deadBias: Bool = false, kernels: Kernels = .automatic
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime(bias) {
        ct_conv3x3_reflected(handle, weight.handle, bias?.handle, deadBias, kernels.rawValue, error)
      }
    }
  }

  /// Shapes: [N, I, H, W], weight [I, O / groups, K, L], bias [O] → [N, O, (H − 1)·stride − 2·padding + K + output, …].
  public func convTranspose2d(
    _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    groups: Int = 1, dilation: Int = 1, deadBias: Bool = false, kernels: Kernels = .automatic
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime(bias) {
        ct_conv_transpose2d(
          handle, weight.handle, bias?.handle, both(stride), both(padding), both(outputPadding), Int64(groups),
          both(dilation), deadBias, kernels.rawValue, error)
      }
    }
  }

  public func maxPool2d(_ kernel: Int, stride: Int? = nil, padding: Int = 0) throws(TorchError) -> Tensor {
    try make { ct_max_pool2d(handle, both(kernel), both(stride ?? kernel), both(padding), $0) }
  }

  /// Zeros in the margin count as pixels unless `countingPadding` is false.
  public func avgPool2d(
    _ kernel: Int, stride: Int? = nil, padding: Int = 0, countingPadding: Bool = true
  ) throws(TorchError) -> Tensor {
    try make { ct_avg_pool2d(handle, both(kernel), both(stride ?? kernel), both(padding), countingPadding, $0) }
  }

  /// Shapes: [N, C, H, W] → [N, C, height, width].
  public func adaptiveAvgPool2d(height: Int = 1, width: Int = 1) throws(TorchError) -> Tensor {
    try make { ct_adaptive_avg_pool2d(handle, [Int64(height), Int64(width)], $0) }
  }

  /// Shapes: [N, C, H, W] → [N, C, height, width]. `antialias` widens bilinear and bicubic kernels when shrinking.
  public func resized(
    height: Int, width: Int, _ mode: ResizeMode = .bilinear, antialias: Bool = false
  ) throws(TorchError) -> Tensor {
    try make { ct_resize(handle, [Int64(height), Int64(width)], mode.rawValue, antialias, $0) }
  }

  /// Each channel of each image to mean 0 and variance 1 (biased), then affine if given. No running statistics.
  public func instanceNorm(
    _ weight: Tensor? = nil, _ bias: Tensor? = nil, epsilon: Double = 1e-5
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime((weight, bias)) {
        ct_instance_norm(handle, weight?.handle, bias?.handle, epsilon, error)
      }
    }
  }

  /// Instance norm without weights, then max(v, slope · v), then a residual added, in one operation where `kernels` has it.
  ///
  /// A slope of 1 leaves out the activation, 0 is ReLU. Shapes: [N, C, H, W], residual the same → the same.
  public func instanceNorm(
    slope: Double, adding residual: Tensor? = nil, epsilon: Double = 1e-5, kernels: Kernels = .automatic
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime(residual) {
        ct_instance_norm_with(handle, epsilon, slope, residual?.handle, kernels.rawValue, error)
      }
    }
  }

  /// With `training`, over the batch, and the running statistics move by `momentum` towards it (PyTorch's sense: the new
  /// value's share; the variance that runs is the unbiased one). Else with the running statistics.
  public func batchNorm(
    _ weight: Tensor?, _ bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool,
    momentum: Double = 0.1, epsilon: Double = 1e-5
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime((weight, bias, runningMean, runningVariance)) {
        ct_batch_norm(
          handle, weight?.handle, bias?.handle, runningMean?.handle, runningVariance?.handle, training, momentum,
          epsilon, error)
      }
    }
  }

  public func groupNorm(
    _ groups: Int, _ weight: Tensor? = nil, _ bias: Tensor? = nil, epsilon: Double = 1e-5
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime((weight, bias)) {
        ct_group_norm(handle, Int64(groups), weight?.handle, bias?.handle, epsilon, error)
      }
    }
  }

  /// Over the last dimensions, which have `shape`.
  public func layerNorm(
    _ shape: [Int], _ weight: Tensor? = nil, _ bias: Tensor? = nil, epsilon: Double = 1e-5
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime((weight, bias)) {
        ct_layer_norm(handle, shape.sizes, shape.rank, weight?.handle, bias?.handle, epsilon, error)
      }
    }
  }

  /// Rows of self (the table [V, D]) at int64 indices [...]. Shapes: → [..., D].
  public func embedding(_ indices: Tensor) throws(TorchError) -> Tensor {
    try make { ct_embedding(handle, indices.handle, $0) }
  }

  private func both(_ value: Int) -> [Int64] { [Int64(value), Int64(value)] }
}

/// Losses, each the mean over all elements.
extension Tensor {
  public func mseLoss(_ target: Tensor) throws(TorchError) -> Tensor {
    try make { ct_mse_loss(handle, target.handle, $0) }
  }
  public func l1Loss(_ target: Tensor) throws(TorchError) -> Tensor {
    try make { ct_l1_loss(handle, target.handle, $0) }
  }
  /// Quadratic below `beta`, linear beyond.
  public func smoothL1Loss(_ target: Tensor, beta: Double = 1) throws(TorchError) -> Tensor {
    try make { ct_smooth_l1_loss(handle, target.handle, beta, $0) }
  }
  /// Self holds logits. `positiveWeight` multiplies the term of positive targets.
  public func bceWithLogits(
    _ target: Tensor, weight: Tensor? = nil, positiveWeight: Tensor? = nil
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime((weight, positiveWeight)) {
        ct_bce_with_logits(handle, target.handle, weight?.handle, positiveWeight?.handle, error)
      }
    }
  }
  /// Self holds logits. Shapes: [N, K, ...], int64 target [N, ...]. With class weights, the mean is weighted by them.
  public func crossEntropy(
    _ target: Tensor, weight: Tensor? = nil, ignoring ignored: Int = -100, labelSmoothing: Double = 0
  ) throws(TorchError) -> Tensor {
    try make { error in
      withExtendedLifetime(weight) {
        ct_cross_entropy(handle, target.handle, weight?.handle, Int64(ignored), labelSmoothing, error)
      }
    }
  }
}
