import CTorch

/// One step of Adam over many tensors in one call of libtorch's fused kernel. `Optimizers` builds on it.
///
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − rate · m̂ / (√v̂ + ε), with m̂ and v̂ corrected for `step`
/// (Kingma and Ba, 2015, algorithm 1). Weight decay is added to g, or with `decoupled` taken from θ (Loshchilov and Hutter).
///
/// Kernels pair the elements of a parameter, its gradient and its moments by their place in memory: lay them out alike.
/// - Parameter skip: float32 [] on the parameters' device; where it is 1 nothing changes, and the host need not know.
public func adamStep(
  _ parameters: [Tensor], gradients: [Tensor], firstMoments: [Tensor], secondMoments: [Tensor], step: Int,
  rate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double = 0, decoupled: Bool = false,
  skip: Tensor? = nil
) throws(TorchError) {
  let count = parameters.count
  precondition(
    gradients.count == count && firstMoments.count == count && secondMoments.count == count,
    "adamStep needs as many gradients and moments as parameters")
  try check { error in
    withHandles(parameters) { parameters in
      withHandles(gradients) { gradients in
        withHandles(firstMoments) { first in
          withHandles(secondMoments) { second in
            withExtendedLifetime(skip) {
              ct_adam_step(
                parameters, gradients, first, second, Int32(count), Int64(step), rate, beta1, beta2, epsilon,
                weightDecay, decoupled, skip?.handle, error)
            }
          }
        }
      }
    }
  }
}
