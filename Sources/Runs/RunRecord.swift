/// What `run.json` holds: everything needed to do the run again.
///
/// It carries no times, so the same run twice gives the same bytes.
public struct RunRecord<Configuration: Codable>: Codable {
  /// What kind of run it is, such as `translator` or `classifier`.
  public let kind: String
  /// The seed from which all random streams come.
  public let seed: UInt64
  /// Versions by name: the program, libtorch, the compiler, the system.
  public let versions: [String: String]
  /// The configuration after every default and override was filled in.
  public let configuration: Configuration

  public init(kind: String, seed: UInt64, versions: [String: String], configuration: Configuration) {
    self.kind = kind
    self.seed = seed
    self.versions = versions
    self.configuration = configuration
  }
}

extension RunRecord: Equatable where Configuration: Equatable {}
extension RunRecord: Sendable where Configuration: Sendable {}
