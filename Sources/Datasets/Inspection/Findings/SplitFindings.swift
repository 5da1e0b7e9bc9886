import Runs

/// What stands on two sides of the split, and what a side lacks.
struct SplitFindings {
  private let survey: Survey

  init(_ survey: Survey) { self.survey = survey }

  typealias Finding = InspectionRecord.Finding

  var all: [Finding] {
    guard survey.dataset.isSplit else {
      return [
        Finding(
          .note, "not-split", title: "The data set is not split yet",
          meaning: "Leaks can be looked for only afterwards.",
          remedy: "Give 'patina split', then inspect again.")
      ]
    }
    return [groups, synthetic, missing, left].compactMap { $0 }
  }

  private var groups: Finding? {
    let groups = Dictionary(grouping: survey.images.enumerated(), by: \.element.group)
    let cases = groups.sorted { $0.key < $1.key }.compactMap {
      name, members -> Finding.Case? in
      let splits = Set(members.map(\.element).compactMap(\.split))
      guard splits.count > 1, !showOnePicture(members.map(\.offset)) else { return nil }
      // One image of each side shows enough.
      let shown = Split.allCases.compactMap { split in members.first { $0.element.split == split }?.element.fileName }
      let sides = Split.allCases.filter(splits.contains).map(\.rawValue).joined(separator: ", ")
      return .init(shown, "group \(name): \(sides)")
    }
    guard !cases.isEmpty else { return nil }
    return Finding(
      .error, "groups-across-splits",
      title: "\(Plural.of(cases.count, "group", "groups")) \(Plural.stand(cases.count)) on two sides of the split",
      meaning:
        "Images of one object resemble each other more than those of different objects, so the test is easier than "
        + "new parts will be.", remedy: "Give 'patina split' again.", cases: cases)
  }

  /// Copies of one picture are found as such, and need not be named again as a group.
  private func showOnePicture(_ indices: [Int]) -> Bool {
    let keys = indices.map { survey.facts($0)?.signature.key }
    return Set(keys).count == 1 && keys.first != .some(nil)
  }

  private var synthetic: Finding? {
    let cases = survey.images.compactMap { image -> Finding.Case? in
      guard let origin = image.provenance.synthetic else { return nil }
      if origin.sourceSplit != Split.train.rawValue {
        return .init([image.fileName], "made from an image of \(origin.sourceSplit)")
      }
      guard let split = image.split, split != .train else { return nil }
      return .init([image.fileName], "stands in \(split.rawValue)")
    }
    guard !cases.isEmpty else { return nil }
    return Finding(
      .error, "synthetic-leaks",
      title:
        "\(Plural.of(cases.count, "synthetic image", "synthetic images")) made from, or standing in, validation or test",
      meaning:
        "Synthetic images belong into training and are made from training images; else they carry the test there.",
      remedy: "Make them again from the training split.", cases: cases)
  }

  /// Classes that a split has no image of.
  private var missing: Finding? {
    let used = Set(survey.images.compactMap(\.split))
    let texts = survey.dataset.classNames.indices.compactMap { index -> String? in
      let members = survey.images.indices.filter { survey.classIndices[$0] == index }
      guard !members.isEmpty else { return nil }
      let splits = Set(members.compactMap { survey.images[$0].split })
      let lacking = Split.allCases.filter { used.contains($0) && !splits.contains($0) }
      guard !lacking.isEmpty else { return nil }
      return "\(survey.dataset.classNames[index]): none in \(lacking.map(\.rawValue).joined(separator: ", "))"
    }
    guard !texts.isEmpty else { return nil }
    return Finding(
      .warning, "classes-missing-in-split",
      title: "\(Plural.of(texts.count, "class has", "classes have")) no image in one of the splits",
      meaning: "Nothing can be learnt, chosen or measured of a class there.",
      remedy: "Split otherwise, or bring more images of it.", cases: texts.map { .init([], $0) })
  }

  private var left: Finding? {
    let count = survey.images.count { $0.split == nil }
    guard count > 0 else { return nil }
    return Finding(
      .note, "images-without-split", title: "\(Plural.images(count)) \(Plural.stand(count)) in no split",
      meaning: "They are neither trained on nor measured.", remedy: "Give 'patina split' again if they should be.")
  }
}
