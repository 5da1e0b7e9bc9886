import Files
import Foundation

/// A study's figures as tables for spreadsheets and data frames: CSV as RFC 4180 has it, numbers with all their digits, empty
/// where there is none.
public struct StudyTables {
  private let results: StudyResults

  public init(_ results: StudyResults) { self.results = results }

  /// `figures.csv`, `differences.csv`, and where the study has fractions `curve.csv` and `worth.csv`, in the study's folder.
  public func write(to folder: URL) throws {
    for (name, rows) in tables {
      let text = rows.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
      try AtomicFile.write(Data(text.utf8), to: folder.appendingPathComponent("\(name).csv"))
    }
  }

  var tables: [(name: String, rows: [[String]])] {
    [("figures", figures), ("differences", differences)]
      + (results.curve.map { [("curve", curve($0))] } ?? []) + (results.worth.map { [("worth", worth($0))] } ?? [])
  }

  private var runs: [String] {
    if let splits = results.splits, splits.count > 1 { return splits.map { "split \($0)" } }
    return results.seeds.map { "seed \($0)" }
  }

  private var figures: [[String]] {
    [["arm", "figure", "scope", "value", "lower", "upper"] + runs]
      + results.arms.flatMap { arm in
        arm.figures.map { one in
          [arm.name, one.figure.rawValue, one.scope.title] + Self.numbers(one.value, one.interval)
            + one.perSeed.map(Self.number)
        }
      }
  }

  private var differences: [[String]] {
    [["arm", "against", "figure", "scope", "value", "lower", "upper", "p", "p_holm", "p_sign_flips"] + runs]
      + results.differences.map { one in
        [one.arm, one.against, one.figure.rawValue, one.scope.title] + Self.numbers(one.value, one.interval)
          + [one.pValue, one.adjustedPValue, one.signFlipPValue].map(Self.number) + one.perSeed.map(Self.number)
      }
  }

  private func curve(_ points: [FractionRecord]) -> [[String]] {
    [
      [
        "fraction", "defects", "arm", "value", "lower", "upper", "difference", "difference_lower", "difference_upper",
      ]
    ]
      + points.flatMap { point in
        point.arms.map { arm in
          [Self.number(point.fraction), Self.number(point.defects), arm.name] + Self.numbers(arm.value, arm.interval)
            + Self.numbers(arm.difference, arm.differenceInterval)
        }
      }
  }

  private func worth(_ records: [WorthRecord]) -> [[String]] {
    [["arm", "fraction", "defects", "added", "worth", "lower", "upper", "is_at_least"]]
      + records.map { one in
        [one.arm, Self.number(one.fraction), Self.number(one.defects), Self.number(one.added)]
          + Self.numbers(one.worth, one.interval) + ["\(one.isAtLeast)"]
      }
  }

  private static func numbers(_ value: Double?, _ interval: Interval?) -> [String] {
    [value, interval?.lower, interval?.upper].map(number)
  }

  private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  /// Quoted where it must be. A class may be named like a formula: what a spreadsheet would compute is quoted as text.
  private static func field(_ text: String) -> String {
    let isFormula = Double(text) == nil && text.first.map { "=+-@\t\r".contains($0) } ?? false
    let text = isFormula ? "'\(text)" : text
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
