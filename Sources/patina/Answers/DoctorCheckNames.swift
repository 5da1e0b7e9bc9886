import ArgumentParser
import Doctor
import Files

/// Checks by name, as `--only` and `--skip` take them.
struct DoctorCheckNames {
  let checks: [Check]

  /// - Parameter text: names parted by commas.
  init(_ text: String) throws {
    checks = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let name = String(part.filter { !$0.isWhitespace })
      guard let check = Check(rawValue: name) else {
        let nearest = Self.nearest(to: name).map { " Did you mean '\($0)'?" } ?? ""
        throw ValidationError("there is no check '\(name)'.\(nearest) 'patina doctor --list' names all")
      }
      return check
    }
  }

  static func nearest(to name: String) -> String? {
    NearestName.suggestion(for: name, among: Check.allCases.map(\.rawValue))
  }
}
