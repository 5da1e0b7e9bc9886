import Torch

extension Sequential {
  /// What a call gives, computed in strips of rows so that little memory is needed at a time. No gradients are recorded.
  ///
  /// A strip is computed from as many rows more as its layers reach for, so that where it ends shows nowhere. Instance norms
  /// take the statistics of the whole map: they are summed over all strips before the first is normalised, and for that what
  /// comes before a norm is computed once more, or kept where it is small. The numbers are those of a call up to rounding.
  ///
  /// Kept are maps no larger than the smallest one that is normalised, and of these two at a time: for a generator with
  /// residual blocks theirs, which have a quarter of the elements of its first map.
  ///
  /// Shapes: [N, C, H, W] → as a call, which must be [N, outputs, H, W].
  /// - Parameter rows: of a strip; a multiple of all that the layers shrink by.
  /// - Throws: `TorchError` for layers other than margins, convolutions that keep, halve or double the sides, instance norms
  ///   without weights, activations, `BlurDownsample`, `Upsample` and `ResidualLayer`s of these, and for sides that cannot be
  ///   halved as often as they are.
  public func callAsFunction(_ input: Tensor, strips rows: Int) throws(TorchError) -> Tensor {
    guard input.rank == 4, rows > 0 else {
      throw TorchError(
        .operation, "strips are taken of [N, C, H, W] by at least one row, not of \(input.shape) by \(rows)")
    }
    return try withoutGradients { () throws(TorchError) in
      let plan = try StripPlan(layers, of: input.shape)
      return try StripEvaluation(plan: plan, height: input.shape[2], rows: rows).output(of: input)
    }
  }
}

/// A layer that adds to its input what a sequence makes of it.
public protocol ResidualLayer: Layer {
  var body: Sequential { get }
}
