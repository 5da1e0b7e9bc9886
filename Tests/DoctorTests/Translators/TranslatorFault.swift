import Testing

@testable import Doctor

/// Faults that are put into a translator on purpose.
enum TranslatorFault: String, CaseIterable, CustomTestStringConvertible {
  // Nine of public CycleGAN implementations; the sixth is two.
  case swappedDistances = "L1 and MSE swapped between the adversarial and the cycle term"
  case zeroedTwice = "the joint discriminator optimizer zeroed again before the second discriminator"
  case reversedAverage = "moving average with its decay the wrong way round"
  case absoluteIdentity = "identity weight used as an absolute 0.5"
  case runningStatistics = "instance norm with running statistics"
  case sameCrops = "the same crop and flip for A and B"
  case zippedPairs = "A and B zipped to the shorter side"
  case zeroPadding = "last convolution zero-padded instead of reflected"
  case partnersByCleanCount = "B's index drawn with A's length"
  case overwrittenPictures = "outputs for A→B and B→A written over each other"
  // Of any recipe.
  case unseeded = "randomness without a seed"
  case mixedBatch = "a norm over the whole batch"

  /// The check that has to name it.
  var check: Check {
    switch self {
    case .swappedDistances, .absoluteIdentity: .lossTerms
    case .zeroedTwice: .parametersMove
    case .reversedAverage: .weightAverage
    case .runningStatistics: .evaluationMode
    case .sameCrops: .crops
    case .zippedPairs, .partnersByCleanCount: .pairs
    case .zeroPadding: .borders
    case .overwrittenPictures: .outputs
    case .unseeded: .sameSeed
    case .mixedBatch: .sampleDependency
    }
  }

  /// What its finding has to say.
  var words: [String] {
    switch self {
    case .swappedDistances:
      ["adversarial_defect", "absolute distances in place of squares", "squares in place of absolute distances"]
    case .zeroedTwice: ["defect_discriminator does not learn"]
    case .reversedAverage: ["the decay is the wrong way round"]
    case .absoluteIdentity: ["identity_defect", "× 0.1", "taken as it stands"]
    case .runningStatistics: ["clean_to_defect", "running statistics"]
    case .sameCrops: ["left edges", "upper edges", "mirrored together"]
    case .zippedPairs: ["zipped to the shorter one"]
    case .zeroPadding: ["zeros beyond the picture's border"]
    case .partnersByCleanCount: ["drawn with the other domain's length"]
    case .overwrittenPictures: ["written over"]
    case .unseeded: ["differ in step 1"]
    case .mixedBatch: ["depends on the others of its batch"]
    }
  }

  /// Other checks that have reason to object.
  var others: Set<Check> {
    switch self {
    case .swappedDistances: [.lossAtInitialisation]
    default: []
    }
  }

  var testDescription: String { rawValue }
}
