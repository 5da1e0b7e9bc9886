/// Watches a translator learn: says when a training goes wrong in a way that no error shows, and when that ends.
///
/// It sees nothing but the losses of each step and figures of the sample pictures, and draws nothing at random: the same
/// numbers give the same warnings, so that the losses of a run tell afterwards what was said meanwhile.
///
/// - A loss explodes: see `ExplosionWatch`.
/// - A discriminator is certain, fooled or blind: see `DiscriminatorWatch`. It has to last for a twentieth of the run, at least
///   50 and at most 1000 steps.
/// - Mode collapse: outputs differ less than a tenth as much as inputs do.
/// - Colour inversion: brightness of inputs and outputs correlates negatively (below −0.2; above it, runs that went well were found).
/// - A generator that changes nothing: less than a tenth of the distance between images of the two domains.
///
/// The last three are judged from a fifth of the run on, at most 2000 steps: before, generators have not learned to draw.
public struct TrainingWatch: Equatable, Sendable {
  /// Of the outputs' differences to the inputs'.
  public static let leastDiversity = 0.1
  /// Of brightness.
  public static let leastCorrelation = -0.2
  /// Of the change to the domains' distance.
  public static let leastChange = 0.1
  /// What began below the least correlation ends above this.
  private static let releasedCorrelation = -0.1

  let patience: Int
  /// The first step whose samples are judged.
  let firstSamples: Int
  private let names: [String]
  private var explosions: [ExplosionWatch]
  private var discriminators: [(loss: Int, adversarial: Int, watch: DiscriminatorWatch)]
  /// By finding and way.
  private var samples: [SampleKey: Episode] = [:]

  private struct SampleKey: Hashable {
    let finding: TrainingWarning.Finding
    let part: String
  }

  /// - Parameters:
  ///   - names: of the losses: `adversarial`, `discriminator`, and those with `_` and a domain, are looked at in pairs.
  ///   - adversarialWeight: what adversarial losses are multiplied by.
  public init(losses names: [String], totalSteps: Int, adversarialWeight: Double = 1) {
    self.names = names
    patience = min(max(totalSteps / 20, 50), 1000)
    firstSamples = max(min(totalSteps / 5, 2000), 1)
    let earlySteps = min(max(totalSteps / 10, 10), 100)
    explosions = names.map { name in
      ExplosionWatch(
        part: name, isAdversarial: name.hasPrefix("adversarial") || name.hasPrefix("discriminator"),
        earlySteps: earlySteps)
    }
    discriminators = names.enumerated().compactMap { index, name in
      guard name.hasPrefix("discriminator") else { return nil }
      let rest = name.dropFirst("discriminator".count)
      guard let other = names.firstIndex(of: "adversarial" + rest) else { return nil }
      let part = rest.isEmpty ? "defect" : String(rest.dropFirst())
      return (index, other, DiscriminatorWatch(part: part, weight: adversarialWeight))
    }
  }

  /// - Parameters:
  ///   - step: completed steps; they rise by one.
  ///   - losses: in the order of the names.
  public mutating func follow(step: Int, losses: [Double]) -> [TrainingWarning] {
    precondition(losses.count >= names.count, "a value for each loss")
    var found: [TrainingWarning] = []
    for (index, name) in names.enumerated() where !losses[index].isFinite {
      found.append(.init(.notFinite, .begins, part: name, step: step, since: step, value: losses[index]))
    }
    // Running means would never recover.
    guard found.isEmpty else { return found }
    for index in explosions.indices { found += explosions[index].follow(losses[index], step: step) }
    for index in discriminators.indices {
      let (loss, adversarial) = (discriminators[index].loss, discriminators[index].adversarial)
      found += discriminators[index].watch.follow(
        loss: losses[loss], adversarial: losses[adversarial], step: step, patience: patience)
    }
    return found
  }

  /// - Parameter figures: of the fixed batch, by the way of translation.
  public mutating func follow(step: Int, samples figures: [(way: String, figures: TranslationFigures)])
    -> [TrainingWarning]
  {
    guard step >= firstSamples else { return [] }
    var found: [TrainingWarning] = []
    for (way, figures) in figures {
      func judge(_ finding: TrainingWarning.Finding, _ value: Double?, below limit: Double, until release: Double) {
        guard let value else { return }
        let told = samples[SampleKey(finding: finding, part: way), default: Episode()].follow(
          begins: value < limit, persists: value < release, step: step, patience: 1)
        if let told {
          found.append(.init(finding, told.event, part: way, step: step, since: told.since, value: value))
        }
      }
      judge(.modeCollapse, figures.diversity, below: Self.leastDiversity, until: 1.25 * Self.leastDiversity)
      judge(.colourInversion, figures.correlation, below: Self.leastCorrelation, until: Self.releasedCorrelation)
      judge(.identityGenerator, figures.relativeChange, below: Self.leastChange, until: 1.25 * Self.leastChange)
    }
    return found
  }

  /// Goes back to what samples had shown, by the warnings that were written down. Losses have to be followed again.
  mutating func resumeSamples(_ warnings: [TrainingWarning]) {
    samples = [:]
    for warning in warnings where warning.finding.isOfSamples {
      samples[SampleKey(finding: warning.finding, part: warning.part)] =
        warning.event == .begins ? Episode(toldSince: warning.since) : nil
    }
  }

  public static func == (one: TrainingWatch, other: TrainingWatch) -> Bool {
    one.names == other.names && one.patience == other.patience && one.explosions == other.explosions
      && one.discriminators.map(\.watch) == other.discriminators.map(\.watch) && one.samples == other.samples
  }
}
