import Torch

/// The adversarial loss of least-squares GANs: the mean of (prediction − target)² (Mao et al., 2017, equation 2, without
/// its ½). CycleGAN's targets are 1 for real and 0 for fake, per patch.
///
/// Shapes: any → [].
public func leastSquaresLoss(_ prediction: Tensor, target: Double) throws(TorchError) -> Tensor {
  try (prediction - target).squared().mean()
}

/// |x − y|, by default its mean. Shapes: any two alike → [], or the same with `.none`.
public func l1Loss(
  _ prediction: Tensor, _ target: Tensor, reduction: Reduction = .mean
) throws(TorchError) -> Tensor {
  try checkShapes(prediction, target)
  return reduction == .mean ? try prediction.l1Loss(target) : try reduction((prediction - target).abs())
}

/// (x − y)², by default its mean. Shapes: any two alike → [], or the same with `.none`.
public func mseLoss(
  _ prediction: Tensor, _ target: Tensor, reduction: Reduction = .mean
) throws(TorchError) -> Tensor {
  try checkShapes(prediction, target)
  return reduction == .mean ? try prediction.mseLoss(target) : try reduction((prediction - target).squared())
}

/// The mean of (x − y)² / 2β where |x − y| < β, of |x − y| − β/2 elsewhere. Shapes: any two alike → [].
public func smoothL1Loss(_ prediction: Tensor, _ target: Tensor, beta: Double = 1) throws(TorchError) -> Tensor {
  try checkShapes(prediction, target)
  return try prediction.smoothL1Loss(target, beta: beta)
}

/// Broadcasting would turn [N, 1] against [N] into N² terms without a word, so losses refuse unlike shapes.
func checkShapes(_ prediction: Tensor, _ target: Tensor) throws(TorchError) {
  guard prediction.shape == target.shape else {
    throw TorchError(
      .operation, "a loss compares tensors of one shape, found prediction \(prediction.shape), target \(target.shape)")
  }
}
