import Runs

/// Images that show the same: across splits, under different labels, or merely twice.
struct CopyFindings {
  private let survey: Survey
  private let copies: CopySearch

  init(_ survey: Survey, _ copies: CopySearch) {
    self.survey = survey
    self.copies = copies
  }

  typealias Finding = InspectionRecord.Finding

  var all: [Finding] {
    let leaking = copies.exact.filter(isAcrossSplits)
    let contradicting = copies.exact.filter(isContradicting)
    let rest = copies.exact.filter { !isAcrossSplits($0) && !isContradicting($0) }
    let apart = rest.filter { set in Set(set.map { survey.images[$0].group }).count > 1 }
    let together = rest.filter { set in Set(set.map { survey.images[$0].group }).count == 1 }
    var result: [Finding] = []
    func add(
      _ severity: InspectionRecord.Severity, _ kind: String, _ sets: [[Int]], _ title: String, meaning: String,
      remedy: String
    ) {
      guard !sets.isEmpty else { return }
      result.append(Finding(severity, kind, title: title, meaning: meaning, remedy: remedy, cases: sets.map(described)))
    }
    add(
      .error, "copies-across-splits", leaking,
      "\(pictures(leaking)) \(Plural.stand(leaking.count)) on two sides of the split",
      meaning:
        "The same picture, as it is or turned, mirrored or stored anew. What a model was trained on is part of its "
        + "test, so it looks better than it is.",
      remedy:
        "Give 'patina split' again after an import that puts copies into one group, or remove all but one of each.")
    add(
      .error, "copies-labelled-differently", contradicting,
      "\(pictures(contradicting)) \(Plural.have(contradicting.count)) copies with different labels",
      meaning: "At least one label of each is wrong.", remedy: "Decide which, and remove the other.")
    add(
      .warning, "copies-in-two-groups", apart,
      "\(pictures(apart)) \(Plural.have(apart.count)) copies in different groups",
      meaning: "The next split may put one into training and the other into the test.",
      remedy: "Give copies one group, or remove all but one of each.")
    add(
      .warning, "copies", together, "\(pictures(together)) \(together.count == 1 ? "occurs" : "occur") more than once",
      meaning: "As they are, or turned, mirrored or stored anew. They share a group, so no split parts them, but they "
        + "count twice.",
      remedy: "Remove all but one of each, unless the copies are meant.")
    return result
  }

  private func pictures(_ sets: [[Int]]) -> String { Plural.of(sets.count, "picture", "pictures") }

  private func isAcrossSplits(_ set: [Int]) -> Bool { Set(set.compactMap { survey.images[$0].split }).count > 1 }

  private func isContradicting(_ set: [Int]) -> Bool {
    Set(set.map { index in Set(survey.images[index].annotations.map(\.categoryID)) }).count > 1
  }

  private func described(_ set: [Int]) -> Finding.Case {
    let images = set.map { survey.images[$0] }
    var texts: [String] = []
    if isContradicting(set) { texts.append(set.map { survey.labels(of: $0) }.joined(separator: " = ")) }
    if isAcrossSplits(set) { texts.append(images.map { $0.split?.rawValue ?? "no split" }.joined(separator: " = ")) }
    return .init(images.map(\.fileName), texts.joined(separator: "; "))
  }
}

extension Survey {
  /// All classes of an image, such as "Crack + Fray".
  func labels(of index: Int) -> String {
    let held = Set(images[index].annotations.map(\.categoryID))
    let names = dataset.categories.filter { held.contains($0.id) }.map(\.name)
    return names.isEmpty ? dataset.cleanName : names.joined(separator: " + ")
  }
}
