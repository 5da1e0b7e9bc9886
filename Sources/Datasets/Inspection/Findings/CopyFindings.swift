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
  private typealias Set = [CopySearch.Member]

  var all: [Finding] { (exact + near + views).compactMap { $0 } }

  private var exact: [Finding?] {
    let rest = copies.exact.filter { !isAcrossSplits($0) && !isContradicting($0) }
    return [
      finding(
        .error, "copies-across-splits", copies.exact.filter(isAcrossSplits),
        { "\($0) \(Plural.stand($1)) on two sides of the split" },
        meaning:
          "The same picture, as it is or turned, mirrored or stored anew. What a model was trained on is part of its "
          + "test, so it looks better than it is.",
        remedy:
          "Give 'patina split' again after an import that puts copies into one group, or remove all but one of each."
      ),
      finding(
        .error, "copies-labelled-differently", copies.exact.filter(isContradicting),
        { "\($0) \(Plural.have($1)) copies with different labels" }, meaning: "At least one label of each is wrong.",
        remedy: "Decide which, and remove the other."),
      finding(
        .warning, "copies-in-two-groups", rest.filter(isInTwoGroups),
        { "\($0) \(Plural.have($1)) copies in different groups" },
        meaning: "The next split may put one into training and the other into the test.",
        remedy: "Give copies one group, or remove all but one of each."),
      finding(
        .warning, "copies", rest.filter { !isInTwoGroups($0) },
        { "\($0) \($1 == 1 ? "occurs" : "occur") more than once" },
        meaning:
          "As they are, or turned, mirrored or stored anew. They share a group, so no split parts them, but they "
          + "count twice.",
        remedy: "Remove all but one of each, unless the copies are meant."),
    ]
  }

  /// Saved again, so that no two files have the same grey values.
  private var near: [Finding?] {
    let rest = copies.near.filter { !isAcrossSplits($0) }
    let meaning =
      "The same picture saved again or of another brightness, maybe turned or mirrored: all details agree at full size."
    return [
      finding(
        .error, "near-copies-across-splits", copies.near.filter(isAcrossSplits),
        { "\($0) \(Plural.stand($1)) on two sides of the split as near copies" }, meaning: meaning,
        remedy: "Put near copies into one group and give 'patina split' again, or remove all but one of each."),
      finding(
        .warning, "near-copies-in-two-groups", rest.filter(isInTwoGroups),
        { "\($0) \(Plural.have($1)) near copies in different groups" }, meaning: meaning,
        remedy: "Give near copies one group, or remove all but one of each."),
      finding(
        .note, "near-copies", rest.filter { !isInTwoGroups($0) },
        { "\($0) \(Plural.have($1)) near copies in one group" },
        meaning: meaning, remedy: "Remove all but one of each, unless they are meant."),
    ]
  }

  /// Shots of what may be one part; worth a finding only where nothing keeps them together.
  private var views: [Finding?] {
    let apart = copies.views.filter(isInTwoGroups)
    let meaning =
      "Their details agree when shrunk: repeated shots of a part that did not move, or copies compressed coarsely. A test on "
      + "one is easy for a model that saw the other."
    return [
      finding(
        .warning, "same-views-across-splits", apart.filter(isAcrossSplits),
        { _, count in "\(Self.sets(count)) the same view, in different groups and on two sides of the split" },
        meaning: meaning, remedy: "Look whether they show one part; if so, give them one group and split again."),
      finding(
        .note, "same-views-in-two-groups", apart.filter { !isAcrossSplits($0) },
        { _, count in "\(Self.sets(count)) the same view, in different groups" }, meaning: meaning,
        remedy: "Look whether they show one part; if so, give them one group."),
    ]
  }

  private static func sets(_ count: Int) -> String {
    "\(Plural.of(count, "set", "sets")) of images \(count == 1 ? "shows" : "show")"
  }

  private func finding(
    _ severity: InspectionRecord.Severity, _ kind: String, _ sets: [Set], _ title: (String, Int) -> String,
    meaning: String, remedy: String
  ) -> Finding? {
    guard !sets.isEmpty else { return nil }
    return Finding(
      severity, kind, title: title(Plural.of(sets.count, "picture", "pictures"), sets.count), meaning: meaning,
      remedy: remedy, cases: sets.map(described))
  }

  private func isAcrossSplits(_ set: Set) -> Bool {
    Swift.Set(set.compactMap { survey.images[$0.index].split }).count > 1
  }

  private func isInTwoGroups(_ set: Set) -> Bool { Swift.Set(set.map { survey.images[$0.index].group }).count > 1 }

  private func isContradicting(_ set: Set) -> Bool {
    Swift.Set(set.map { Swift.Set(survey.images[$0.index].annotations.map(\.categoryID)) }).count > 1
  }

  private func described(_ set: Set) -> Finding.Case {
    let images = set.map { survey.images[$0.index] }
    var texts: [String] = []
    if isContradicting(set) { texts.append(listed(set.map { survey.labels(of: $0.index) })) }
    if isAcrossSplits(set) { texts.append(listed(images.map { $0.split?.rawValue ?? "no split" })) }
    if set.contains(where: { $0.orientation != .identity }) { texts.append(listed(set.map(\.orientation.description))) }
    return .init(images.map(\.fileName), texts.joined(separator: "; "))
  }

  /// One for each image, in order; of many images, which there are.
  private func listed(_ words: [String]) -> String {
    words.count <= 3 ? words.joined(separator: " = ") : Swift.Set(words).sorted().joined(separator: ", ")
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
