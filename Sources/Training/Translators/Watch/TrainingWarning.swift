import Foundation

/// Something that goes wrong while a translator learns and that no loss stops: told once when it begins, once when it ends.
public struct TrainingWarning: Equatable, Sendable {
  /// What goes wrong. The raw values stand in `warnings.csv`.
  public enum Finding: String, CaseIterable, Sendable {
    /// A loss is no finite number. The run stops, and no weight has seen it.
    case notFinite = "not-finite"
    case explodingLoss = "exploding-loss"
    /// Scores are near their targets: generators learn little from them.
    case certainDiscriminator = "certain-discriminator"
    /// What is made is scored as real.
    case fooledDiscriminator = "fooled-discriminator"
    /// Every image has the same score, half way.
    case blindDiscriminator = "blind-discriminator"
    case modeCollapse = "mode-collapse"
    case colourInversion = "colour-inversion"
    case identityGenerator = "identity-generator"

    /// Whether sample pictures say so; losses do otherwise.
    var isOfSamples: Bool { [.modeCollapse, .colourInversion, .identityGenerator].contains(self) }

    /// Whether a discriminator gives no direction.
    public var isPinned: Bool { [.certainDiscriminator, .fooledDiscriminator, .blindDiscriminator].contains(self) }
  }

  public enum Event: String, Sendable { case begins, ends }

  public var finding: Finding
  public var event: Event
  /// What it is about: the column of a loss, the domain that a discriminator judges, or the way of a translation.
  public var part: String
  /// When it was noticed.
  public var step: Int
  /// Since when it is so.
  public var since: Int
  /// What was measured then; see `TrainingWatch` for what it is held against.
  public var value: Double

  public init(_ finding: Finding, _ event: Event, part: String, step: Int, since: Int, value: Double) {
    self.finding = finding
    self.event = event
    self.part = part
    self.step = step
    self.since = since
    self.value = value
  }

  /// A line for the log: what, since when, and what to try.
  public var text: String {
    guard event == .begins else { return "step \(step): \(name) no longer" }
    let begin = since == step ? "" : " since step \(since)"
    return "step \(step): \(name)\(begin) (\(measure) \(Self.number(value))). \(remedy)"
  }

  static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  private var name: String {
    switch finding {
    case .notFinite: "\(part) is no finite number"
    case .explodingLoss: "\(part) explodes"
    case .certainDiscriminator: "the discriminator of \(part) images is certain"
    case .fooledDiscriminator: "the discriminator of \(part) images is fooled"
    case .blindDiscriminator: "the discriminator of \(part) images tells nothing apart"
    case .modeCollapse: "pictures are all alike, \(part)"
    case .colourInversion: "light becomes dark, \(part)"
    case .identityGenerator: "hardly anything changes, \(part)"
    }
  }

  private var measure: String {
    switch finding {
    case .notFinite, .explodingLoss: "loss"
    case .certainDiscriminator, .blindDiscriminator: "mean loss"
    case .fooledDiscriminator: "mean adversarial loss"
    case .modeCollapse: "difference of outputs to that of inputs"
    case .colourInversion: "correlation"
    case .identityGenerator: "change to the domains' distance"
    }
  }

  private var remedy: String {
    switch finding {
    case .notFinite, .explodingLoss: "Lower the learning rate"
    case .certainDiscriminator: "Try fewer filters of the discriminators, --diffaugment, or more images"
    case .fooledDiscriminator, .blindDiscriminator:
      "Try more filters of the discriminators, or a lower learning rate"
    case .modeCollapse: "Weigh the cycle more, or give more images"
    case .colourInversion: "Begin again with another seed or a higher identity weight: it rarely turns back"
    case .identityGenerator: "Train longer, or weigh cycle and identity less"
    }
  }
}
