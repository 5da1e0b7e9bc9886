/// Looks for a loss that stays far above what it began with.
///
/// Three steps in a row count, a single one does not: with one image in a batch losses jump to 13 times their early median in
/// runs that end well, and in three steps to 3 times.
struct ExplosionWatch: Equatable, Sendable {
  static let factor = 20.0
  static let stepsInARow = 3
  /// The least median that counts: losses of networks that begin with the picture as it is are near 0 at first.
  static let leastMedian = 0.25
  /// The most that an adversarial loss is at first, with scores of N(0, 1.3²): 1 + 1.3² = 2.7.
  static let mostAdversarial = 3.0

  /// The loss's column.
  let part: String
  /// Adversarial losses and those of discriminators have a scale of their own, so that a run that explodes at once is seen.
  let isAdversarial: Bool
  /// Steps that the median is taken over.
  let earlySteps: Int
  private var early: [Double] = []
  private var last: [Double] = []
  private var reference: Double?
  private var episode = Episode()

  init(part: String, isAdversarial: Bool, earlySteps: Int) {
    self.part = part
    self.isAdversarial = isAdversarial
    self.earlySteps = earlySteps
    reference = isAdversarial ? Self.mostAdversarial : nil
  }

  mutating func follow(_ loss: Double, step: Int) -> [TrainingWarning] {
    if early.count < earlySteps {
      early.append(loss)
      if early.count == earlySteps {
        let median = max(early.sorted()[earlySteps / 2], Self.leastMedian)
        reference = isAdversarial ? min(median, Self.mostAdversarial) : median
      }
    }
    last.append(loss)
    if last.count > Self.stepsInARow { last.removeFirst() }
    guard let reference, last.count == Self.stepsInARow, let least = last.min(), let most = last.max() else {
      return []
    }
    let limit = Self.factor * reference
    let told = episode.follow(begins: least > limit, persists: most > limit, step: step, patience: 1)
    guard let told else { return [] }
    return [
      TrainingWarning(
        .explodingLoss, told.event, part: part, step: step, since: told.since - Self.stepsInARow + 1, value: loss)
    ]
  }
}
