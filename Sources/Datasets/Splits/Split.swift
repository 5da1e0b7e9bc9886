/// The side of an experiment on which an image stands.
public enum Split: String, CaseIterable, Codable, CodingKeyRepresentable, Hashable, Sendable {
  case train, validation, test
}
