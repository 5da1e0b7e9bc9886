import Doctor

/// All checks that there are, by stage.
struct DoctorList {
  struct Entry: Codable, Equatable {
    let name: String
    let stage: String
    let title: String
    let rule: String
    let source: String
    let advice: String
  }

  let entries = Check.allCases.map { check in
    Entry(
      name: check.rawValue, stage: check.stage, title: check.title, rule: check.rule, source: check.source,
      advice: check.advice)
  }

  private var stages: [String] {
    entries.reduce(into: []) { stages, entry in
      if !stages.contains(entry.stage) { stages.append(entry.stage) }
    }
  }

  var text: String {
    stages.map { stage in
      let checks = entries.filter { $0.stage == stage }.map { entry in
        """
          \(entry.name)
              \(entry.title)
              passes when: \(entry.rule)
              source: \(entry.source)
        """
      }
      return "\(stage)\n\(checks.joined(separator: "\n"))"
    }.joined(separator: "\n\n")
  }

  /// The tables of docs/doctor.md.
  var markdown: String {
    stages.map { stage in
      let rows = entries.filter { $0.stage == stage }.map { entry in
        let cells = ["`\(entry.name)`", entry.title, entry.rule, entry.source]
        return "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
      }
      return """
        ### \(stage.prefix(1).uppercased())\(stage.dropFirst())

        | check | what it looks at | passes when | source |
        |---|---|---|---|
        \(rows.joined(separator: "\n"))
        """
    }.joined(separator: "\n\n")
  }
}
