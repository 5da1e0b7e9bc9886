import Training

/// Operations of one CycleGAN training step that are multiply-adds of convolutions, one counting as two.
///
/// Both generators translate (2 passes), recover (2) and keep (2); the discriminators judge fakes once for the generators
/// and real and fake for themselves. A backward pass costs as much again for a layer's weights and for its input.
struct StepOperations {
  /// By the definition of a convolution.
  let direct: Double
  /// With Winograd's algorithm for the residual convolutions: F(4 × 4, 3 × 3) needs a quarter of the products. Transforms
  /// do not count.
  let winograd: Double

  init(_ configuration: CycleGANConfiguration) {
    let channels = Double(configuration.transform.channels), pixels = Double(configuration.transform.size)
    let filters = Double(configuration.filters)
    func area(_ side: Double) -> Double { side * side }

    let end = 49 * channels * filters * area(pixels)
    let middle = 9 * 2 * filters * filters * area(pixels / 2) + 9 * 8 * filters * filters * area(pixels / 4)
    let residual = Double(configuration.blocks) * 2 * 9 * area(4 * filters) * area(pixels / 4)
    let judged = Double(configuration.discriminatorFilters)
    let look = 16 * channels * judged * area(pixels / 2)
    let judge =
      16
      * (2 * area(judged) * area(pixels / 4) + 8 * area(judged) * area(pixels / 8)
        + 32 * area(judged) * area(pixels / 8 - 1) + 8 * judged * area(pixels / 8 - 2))

    let passes = configuration.loss.identity > 0 ? 6.0 : 4
    // Real images want no gradient: only the two passes over fakes send one through the first layer.
    let generators = passes * 3 * (2 * end + 2 * middle) - (passes - 2) * end
    let residuals = passes * 3 * residual
    // 2 passes for the generators, forward and through the input; 4 of the discriminators' own, of which the first layer
    // needs no gradient of its input.
    let discriminators = 2 * 2 * (look + judge) + 4 * (2 * look + 3 * judge)
    let images = Double(configuration.batchSize)
    direct = 2 * images * (generators + residuals + discriminators)
    winograd = 2 * images * (generators + residuals / 4 + discriminators)
  }
}
