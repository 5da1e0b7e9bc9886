import Runs

/// What is wrong with a data set's own files, gathered by kind.
struct Complaints: Sendable {
  enum Kind: CaseIterable, Sendable {
    case missing, box, mask, label, split, table
  }

  private var cases: [Kind: [InspectionRecord.Finding.Case]] = [:]

  private static let refused = "Every other command refuses this data set."
  private static let uncounted = refused + " The labels are left out of all counts below."

  var isEmpty: Bool { cases.isEmpty }

  mutating func add(_ kind: Kind, _ images: [String], _ text: String) {
    cases[kind, default: []].append(.init(images, text))
  }

  var findings: [InspectionRecord.Finding] {
    Kind.allCases.compactMap { kind in
      guard let cases = cases[kind], !cases.isEmpty else { return nil }
      let count = cases.count
      let many = count > 1
      switch kind {
      case .missing:
        return .init(
          .error, "missing-files", title: "\(count) image\(many ? "s are" : " is") listed and not there",
          meaning: Self.refused,
          remedy: "Put the files back, or import again.", cases: cases)
      case .box:
        return .init(
          .error, "bad-boxes", title: "\(count) box\(many ? "es are" : " is") empty, outside of the image or no number",
          meaning: Self.uncounted,
          remedy: "Mend them in the source and import again.", cases: cases)
      case .mask:
        return .init(
          .error, "bad-masks", title: "\(count) mask\(many ? "s are" : " is") empty, of another size or unreadable",
          meaning: Self.uncounted,
          remedy: "Mend them in the source and import again.", cases: cases)
      case .label:
        return .init(
          .error, "unknown-classes", title: "\(count) label\(many ? "s name" : " names") a class that is not listed",
          meaning: Self.uncounted,
          remedy: "Add the class to the categories, or mend the label, and import again.", cases: cases)
      case .split:
        return .init(
          .error, "two-splits", title: "\(count) image\(many ? "s stand" : " stands") in two splits",
          meaning: "What a model was trained on would be part of its test.",
          remedy: "Give 'patina split' again.", cases: cases)
      case .table:
        return .init(
          .error, "bad-tables", title: "The data set's own files have \(count) other fault\(many ? "s" : "")",
          meaning: Self.refused, remedy: "Import again.", cases: cases)
      }
    }
  }
}
