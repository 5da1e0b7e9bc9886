import Runs

/// Classes with too little, and how unequal they are.
struct BalanceFindings {
  private let facts: [InspectionRecord.ClassFacts]
  private let cleanName: String
  /// Fewer groups than this give wide intervals whatever is done.
  private static let fewGroups = 10
  private static let unequal = 10.0

  init(_ survey: Survey, _ facts: [InspectionRecord.ClassFacts]) {
    self.facts = facts
    cleanName = survey.dataset.cleanName
  }

  typealias Finding = InspectionRecord.Finding

  var all: [Finding] {
    var result: [Finding] = []
    let used = facts.filter { $0.images > 0 }
    let empty = facts.filter { $0.images == 0 && $0.holding == 0 && $0.name != cleanName }
    if !empty.isEmpty {
      result.append(
        Finding(
          .warning, "empty-classes", title: "\(Plural.of(empty.count, "class has", "classes have")) no image",
          meaning: "It is listed among the categories and never used.", remedy: "Import again without it.",
          cases: empty.map { .init([], $0.name) }))
    }
    if let clean = facts.first, clean.images == 0 {
      result.append(
        Finding(
          .note, "no-clean-class", title: "No image is clean",
          meaning: "A translator needs clean images, and a detector never sees what must not alarm it.",
          remedy: "Add images without defects; 'patina crop' can cut clean windows beside defects that have masks."))
    }
    let few = used.filter { $0.groups < Self.fewGroups }
    if !few.isEmpty {
      result.append(
        Finding(
          .warning, "few-groups",
          title: "\(Plural.of(few.count, "class comes", "classes come")) from fewer than \(Self.fewGroups) groups",
          meaning: "A test of so few different objects tells little about the next one, however many images there are.",
          remedy: "Photograph more parts rather than the same ones again.",
          cases: few.map {
            .init([], "\($0.name): \(Plural.images($0.images)) of \(Plural.of($0.groups, "group", "groups"))")
          }))
    }
    if let most = used.max(by: { $0.images < $1.images }), let least = used.min(by: { $0.images < $1.images }) {
      let ratio = Double(most.images) / Double(least.images)
      if ratio >= Self.unequal {
        result.append(
          Finding(
            .note, "unequal-classes",
            title: "\(most.name) has \(Int(ratio.rounded())) times as many images as \(least.name) "
              + "(\(most.images) and \(least.images))",
            meaning: "Accuracy hides what happens to the rare class; look at precision and recall by class.",
            remedy: "Weigh classes or draw the rare one more often; 'patina study' compares such ways."))
      }
    }
    return result
  }
}
