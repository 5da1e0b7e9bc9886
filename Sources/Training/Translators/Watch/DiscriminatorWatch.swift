/// Looks for a discriminator that gives its generator no direction, by the running means of two losses.
///
/// A discriminator's loss is ½ (E[(D(x) − 1)²] + E[D(y)²]) with x real and y made, the generator's E[(D(y) − 1)²] (Mao et
/// al., ICCV 2017, equation 9).
///
/// | state | D(x) | D(y) | discriminator's loss | generator's |
/// |---|---|---|---|---|
/// | certain | 1 | 0 | 0 | 1 |
/// | cannot tell: the constant c that is least wrong, ½ ((c − 1)² + c²) → c = ½ | ½ | ½ | ¼ | ¼ |
/// | fooled | – | 1 | at least ½ D(y)² = ½ | 0 |
///
/// The optimum for densities p and q, D = p / (p + q), has a loss of ½ ∫ p q / (p + q) ≤ ¼ everywhere, so ¼ is where a good
/// generator leads too, and where masks keep most of a picture as it is: a running mean of ¼ is no fault. (In healthy runs it
/// stays between 0.06 and 0.6, the generator's above 0.25.) One is when scores lie within 0.2 of 1 or 0 (0.2² = 0.04), or no
/// longer vary from step to step.
struct DiscriminatorWatch: Equatable, Sendable {
  /// Steps of the running means, whose weight is 2 / (steps + 1).
  static let span = 50
  /// Of the mean square error of scores.
  static let limit = 0.04
  /// The mean distance of a loss from its running mean; in healthy runs at least 0.005.
  static let leastDeviation = 0.001
  /// How near to ¼ a blind one's loss stays.
  static let blindness = 0.01
  /// What begins below a limit ends above this many times the limit.
  static let release = 1.25

  /// The domain that it judges.
  let part: String
  /// Weight of the adversarial loss; 0 where it says nothing.
  let weight: Double
  private var steps = 0
  private var loss = 0.0
  private var deviation = 0.0
  private var adversarial = 0.0
  private var episodes: [TrainingWarning.Finding: Episode] = [:]

  init(part: String, weight: Double) {
    self.part = part
    self.weight = weight
  }

  mutating func follow(loss: Double, adversarial: Double, step: Int, patience: Int) -> [TrainingWarning] {
    let share = 2 / Double(Self.span + 1)
    if steps == 0 { (self.loss, self.adversarial, deviation) = (loss, adversarial, 1) }
    steps += 1
    self.loss += share * (loss - self.loss)
    self.adversarial += share * (adversarial - self.adversarial)
    deviation += share * (abs(loss - self.loss) - deviation)
    guard steps > Self.span else { return [] }
    func isBlind(_ factor: Double) -> Bool {
      deviation < Self.leastDeviation * factor && abs(self.loss - 0.25) < Self.blindness * factor
    }
    func isFooled(_ factor: Double) -> Bool { self.adversarial < Self.limit * weight * factor }
    let states: [(finding: TrainingWarning.Finding, begins: Bool, persists: Bool, value: Double)] = [
      (.certainDiscriminator, self.loss < Self.limit, self.loss < Self.limit * Self.release, self.loss),
      (.fooledDiscriminator, isFooled(1), isFooled(Self.release), self.adversarial),
      (.blindDiscriminator, isBlind(1), isBlind(Self.release), self.loss),
    ]
    return states.compactMap { state in
      episodes[state.finding, default: Episode()].follow(
        begins: state.begins, persists: state.persists, step: step, patience: patience
      ).map {
        TrainingWarning(state.finding, $0.event, part: part, step: step, since: $0.since, value: state.value)
      }
    }
  }
}
