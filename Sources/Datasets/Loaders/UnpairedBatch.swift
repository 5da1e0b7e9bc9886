/// Images of two domains that are not paired, each [N, C, size, size].
public struct UnpairedBatch: Sendable {
  public let a: PixelBatch
  public let b: PixelBatch
  /// Where defects shall be made on `a`, and where `b` has its own: soft masks [N, classes, size, size] in 0 ... 1. nil where
  /// translation is not conditioned.
  public let masks: (a: PixelBatch, b: PixelBatch)?

  init(a: PixelBatch, b: PixelBatch, masks: (a: PixelBatch, b: PixelBatch)? = nil) {
    self.a = a
    self.b = b
    self.masks = masks
  }
}
