import Runs

/// Checks by stage, stages in the order in which they first appear, each with an anchor of its own.
struct DoctorStages {
  struct Entry {
    let result: CheckResult
    let anchor: String
  }

  struct Stage {
    let title: String
    let anchor: String
    var checks: [Entry] = []
  }

  private(set) var list: [Stage] = []

  init(_ checks: [CheckResult]) {
    var places: [String: Int] = [:]
    var taken: Set = ["how"]
    for check in checks {
      let place: Int
      if let known = places[check.stage] {
        place = known
      } else {
        place = list.count
        places[check.stage] = place
        let anchor = Self.anchor("stage-\(check.stage)", &taken)
        list.append(Stage(title: check.stage.prefix(1).uppercased() + check.stage.dropFirst(), anchor: anchor))
      }
      list[place].checks.append(Entry(result: check, anchor: Self.anchor(check.name, &taken)))
    }
  }

  /// The name itself where it can be one, so that a link to a check stays the same between visits.
  private static func anchor(_ name: String, _ taken: inout Set<String>) -> String {
    let plain = String(name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    let base = plain.isEmpty ? "check" : plain
    var anchor = base
    var number = 2
    while !taken.insert(anchor).inserted {
      anchor = "\(base)-\(number)"
      number += 1
    }
    return anchor
  }
}
