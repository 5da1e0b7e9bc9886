/// The values of CUT's losses in one step, with their weights.
public struct CUTLosses: StepLosses {
  public var adversarial = 0.0
  public var contrast = 0.0
  public var identityContrast = 0.0
  public var discriminator = 0.0

  public static let names = ["adversarial", "nce", "nce_identity", "discriminator"]

  public init(values: [Double]) {
    precondition(values.count == Self.names.count, "a value for each loss")
    adversarial = values[0]
    contrast = values[1]
    identityContrast = values[2]
    discriminator = values[3]
  }

  public var values: [Double] { [adversarial, contrast, identityContrast, discriminator] }

  public var summary: [(name: String, value: Double)] {
    [("G", adversarial), ("NCE", contrast), ("D", discriminator)]
  }
}
