/// Something that the user gave (a file, a folder, a key, an option) is not as it must be.
///
/// The command line prints it in one paragraph and exits with 2.
public struct InputError: Error, CustomStringConvertible, Equatable, Sendable {
  /// Where it was found: a path, a path with a line, or a key such as `study.yaml: arms[2].name`.
  public let place: String
  /// What should have stood there.
  public let expected: String
  /// What stood there instead.
  public let found: String
  /// What the user can do about it; empty where that is plain.
  public let remedy: String

  public init(at place: String, expected: String, found: String, remedy: String = "") {
    self.place = place
    self.expected = expected
    self.found = found
    self.remedy = remedy
  }

  public var description: String {
    "\(place): expected \(expected), found \(found)" + (remedy.isEmpty ? "" : ". \(remedy)")
  }
}
