/// Something worth knowing about how a result came about: a version, a seed, a command, a hash.
///
/// Facts are lists, not dictionaries, since their order is part of how they read.
public struct Fact: Codable, Equatable, Sendable {
  public var key: String
  public var value: String

  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}
