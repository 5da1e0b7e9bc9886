/// The values of CycleGAN's losses in one step, with their weights.
public struct CycleGANLosses: StepLosses {
  public var adversarialDefect = 0.0
  public var adversarialClean = 0.0
  public var cycleClean = 0.0
  public var cycleDefect = 0.0
  public var identityDefect = 0.0
  public var identityClean = 0.0
  public var discriminatorDefect = 0.0
  public var discriminatorClean = 0.0

  public static let names = [
    "adversarial_defect", "adversarial_clean", "cycle_clean", "cycle_defect", "identity_defect", "identity_clean",
    "discriminator_defect", "discriminator_clean",
  ]

  public init() {}

  public init(values: [Double]) {
    precondition(values.count == Self.names.count, "a value for each loss")
    adversarialDefect = values[0]
    adversarialClean = values[1]
    cycleClean = values[2]
    cycleDefect = values[3]
    identityDefect = values[4]
    identityClean = values[5]
    discriminatorDefect = values[6]
    discriminatorClean = values[7]
  }

  public var values: [Double] {
    [
      adversarialDefect, adversarialClean, cycleClean, cycleDefect, identityDefect, identityClean, discriminatorDefect,
      discriminatorClean,
    ]
  }

  public var summary: [(name: String, value: Double)] {
    [
      ("G", adversarialDefect + adversarialClean), ("cycle", cycleClean + cycleDefect),
      ("D", discriminatorDefect + discriminatorClean),
    ]
  }
}
