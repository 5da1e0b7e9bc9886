import Torch

/// The mean of −log softmax(logits)[target], divided by the sum of the weights that counted.
///
/// Shapes: [N, K, ...], int64 target [N, ...] in 0 ..< K or `ignored`, weight [K] → []. Not a number where every target
/// is ignored.
public func crossEntropyLoss(
  _ logits: Tensor, _ target: Tensor, weight: Tensor? = nil, ignoring ignored: Int = -100, labelSmoothing: Double = 0
) throws(TorchError) -> Tensor {
  try logits.crossEntropy(target, weight: weight, ignoring: ignored, labelSmoothing: labelSmoothing)
}

/// The mean of −(t · log σ(x) + (1 − t) · log(1 − σ(x))), stable for large |x|; `positiveWeight` multiplies the first term.
///
/// Shapes: any two alike, positiveWeight any that broadcasts → [].
public func bceWithLogitsLoss(
  _ logits: Tensor, _ target: Tensor, positiveWeight: Tensor? = nil
) throws(TorchError) -> Tensor {
  try checkShapes(logits, target)
  return try logits.bceWithLogits(target, positiveWeight: positiveWeight)
}

/// 1 − (2 Σ p·t + s) / (Σ p + Σ t + s) per image and class over its pixels, then the mean (Milletari et al., 2016, without
/// the squares of its equation for D).
///
/// `probability` is after the sigmoid or softmax. With s > 0 a class that is absent and not predicted costs nothing.
/// Shapes: two of [N, K, H, W] → [].
public func softDiceLoss(_ probability: Tensor, _ target: Tensor, smoothing: Double = 1) throws(TorchError) -> Tensor {
  try checkShapes(probability, target)
  guard probability.rank == 4 else {
    throw TorchError(.operation, "softDiceLoss expects [N, K, H, W], found the shape \(probability.shape)")
  }
  let both = try (probability * target).sum([2, 3])  // [N, K]
  let each = try probability.sum([2, 3]) + target.sum([2, 3])  // [N, K]
  return try (1 - (both * 2 + smoothing) / (each + smoothing)).mean()
}
