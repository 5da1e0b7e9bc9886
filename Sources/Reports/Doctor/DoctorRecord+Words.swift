import Runs

extension DoctorRecord {
  /// What it comes to, in a line.
  public var headline: String {
    let failed = count(of: .fail), odd = count(of: .warn)
    if failed > 0 {
      return "\(failed) check\(failed == 1 ? "" : "s") failed" + (odd > 0 ? ", \(odd) to look at" : "")
    }
    if odd > 0 { return "Nothing failed, \(odd) to look at" }
    return count(of: .pass) > 0 ? "All that was examined passed" : "Nothing was examined"
  }

  /// Such as "1 failed, 0 to look at, 7 passed, 2 not run".
  public var counts: String {
    [(CheckVerdict.fail, "failed"), (.warn, "to look at"), (.pass, "passed"), (.notRun, "not run")]
      .map { "\(count(of: $0.0)) \($0.1)" }.joined(separator: ", ")
  }
}
