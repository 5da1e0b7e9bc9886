import ArgumentParser
import Doctor

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

  /// The name that was probably meant, if any is similar at all.
  static func nearest(to name: String) -> String? {
    let wanted = name.lowercased().filter { $0 != "_" && $0 != "-" }
    let names = Check.allCases.map { check -> (name: String, changes: Int) in
      let known = check.rawValue.filter { $0 != "-" }
      // Half a name counts as similar.
      if wanted.count >= 3, known.hasPrefix(wanted) || wanted.hasPrefix(known) { return (check.rawValue, 0) }
      // A changed letter is two changes here: one goes, one comes.
      return (check.rawValue, known.difference(from: wanted).count)
    }
    guard let nearest = names.min(by: { $0.changes < $1.changes }), nearest.changes <= max(2, wanted.count / 2) else {
      return nil
    }
    return nearest.name
  }
}
