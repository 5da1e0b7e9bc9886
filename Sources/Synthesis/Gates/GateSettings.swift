import Files

/// Which gates judge, and how strictly.
public struct GateSettings: Equatable, Sendable {
  public var gates: Set<Gate>
  /// The share of the images that passed which is kept, the best by `KeepScore`; 1 keeps all.
  public var keep = 1.0
  /// The least mean absolute change within the mask, as a share of the clean image's brightness there.
  public var leastChange = 0.02
  /// The least share of the mask's pixels that changed by more than `greyLevels`.
  public var leastChanged = 0.2
  /// Fewer levels are noise, or what rounding does.
  public var greyLevels = 4
  /// An image is a copy where it is nearer to a real defect than this share of the real ones are to each other.
  public var memoryShare = 0.99
  /// A rim is strange where each of its figures lies outside of what this share of the real ones have.
  public var seamShare = 0.99

  /// - Throws: `InputError` for a share that is none, or shares to keep where no gate gives a score.
  public init(gates: Set<Gate> = [.change, .agreement, .memory, .seam], keep: Double = 1) throws {
    self.gates = gates
    self.keep = keep
    try check()
  }

  /// - Throws: `InputError` for settings with which nothing can be judged.
  public func check() throws {
    for (name, share) in [("keep", keep), ("memory", memoryShare), ("seam", seamShare)]
    where !(share > 0 && share <= 1) {
      throw InputError(at: "gates", expected: "a share above 0 and up to 1 for \(name)", found: "\(share)")
    }
    guard keep == 1 || !gates.isDisjoint(with: [.agreement, .memory, .seam, .opinion, .discriminator]) else {
      throw InputError(
        at: "gates", expected: "a gate besides change, to know which images are the best", found: "none")
    }
  }
}
