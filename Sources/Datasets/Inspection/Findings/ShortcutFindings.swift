import Foundation
import Runs

/// What the probes found, in words.
struct ShortcutFindings {
  private let outcomes: [ShortcutProbe.Outcome]
  private let threshold: Double
  private let survey: Survey
  /// A matter of storage that tells so many apart makes results worthless.
  private static let plain = 0.95

  init(_ outcomes: [ShortcutProbe.Outcome], threshold: Double, _ survey: Survey) {
    self.outcomes = outcomes
    self.threshold = threshold
    self.survey = survey
  }

  typealias Finding = InspectionRecord.Finding
  private typealias Probe = InspectionRecord.Probe

  var all: [Finding] { outcomes.compactMap(finding) }

  private func finding(_ outcome: ShortcutProbe.Outcome) -> Finding? {
    let probe = outcome.record
    guard let area = probe.area else { return nil }
    let storage = probe.features.filter(\.isOfStorage).first { $0.area.low > threshold }
    let alone = probe.features.first.flatMap { $0.area.low > threshold ? $0 : nil }
    // Classes of defects are meant to look different; that they are stored differently is not.
    let isOfClasses = probe.kind == "class-others"
    if isOfClasses, storage == nil { return nil }
    let sides =
      isOfClasses
      ? "'\(probe.sides[1])' can be told from the other classes"
      : "\(probe.sides[0].capitalizedFirst) and \(probe.sides[1]) images can be told apart"
    let maybe = "\(probe.sides[0].capitalizedFirst) and \(probe.sides[1]) images can perhaps be told apart"
    let severity: InspectionRecord.Severity
    let title: String
    if let storage, isOfClasses || storage.area.value >= Self.plain {
      let isTelling = probe.kind == "clean-defective" || probe.kind == "real-synthetic"
      severity = isTelling && storage.area.value >= Self.plain ? .error : .warning
      title =
        "\(sides) by how they are stored: \(storage.measure) alone does it (\(text(storage.area)))"
    } else if let alone {
      severity = .warning
      title = "\(sides) by one simple measure: \(alone.measure) (\(text(alone.area)))"
    } else if area.low > threshold {
      severity = .warning
      title = "\(sides) by simple measures of the whole image together (\(text(area)))"
    } else if area.value > threshold {
      severity = .note
      title = "\(maybe) by simple measures of the whole image (\(text(area)))"
    } else {
      return nil
    }
    return Finding(
      severity, "shortcut-\(probe.kind)", title: title, meaning: meaning(probe), remedy: remedy(probe),
      cases: examples(outcome, shown: storage ?? probe.features.first))
  }

  private func text(_ area: Probe.Area) -> String {
    String(format: "AUC %.2f, interval %.2f to %.2f; 0.5 is chance", area.value, area.low, area.high)
  }

  private func meaning(_ probe: Probe) -> String {
    switch probe.kind {
    case "clean-defective", "class-others":
      "A network finds such a difference before it looks for a defect. If it comes from how the pictures were taken, scores "
        + "will be high here and worth nothing on the line; if it is the defect itself, which changes the whole image, it is no fault."
    case "real-synthetic":
      "A network can learn what is synthetic instead of what is defective."
    default:
      "The two sides were not drawn from the same images: other parts, another day, another camera. Scores on one say less "
        + "about the other."
    }
  }

  private func remedy(_ probe: Probe) -> String {
    switch probe.kind {
    case "clean-defective", "class-others":
      "Look at the pictures. Store all images the same way, cut windows of one size, or even out the light, and inspect again."
    case "real-synthetic": "Store synthetic images as the real ones are stored, and inspect again."
    default: "Fine if the test is meant to be of another kind; otherwise draw the split by chance with 'patina split'."
    }
  }

  /// Of each side, images at the quartiles of the most telling measure.
  private func examples(_ outcome: ShortcutProbe.Outcome, shown: Probe.Feature?) -> [Finding.Case] {
    guard let shown, let measure = ImageMeasure.allCases.first(where: { $0.title == shown.measure }) else { return [] }
    return outcome.probe.images.enumerated().map { side, images in
      let sorted = images.compactMap { index in survey.facts(index).map { (index, $0.measures[measure]) } }
        .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
      let chosen = [0.25, 0.5, 0.75].compactMap { share -> String? in
        sorted.isEmpty ? nil : survey.images[sorted[Int(share * Double(sorted.count - 1))].0].fileName
      }
      let median = MeasureText.text(shown.medians[side], shown.unit)
      return .init(chosen, "\(outcome.record.sides[side]): \(shown.measure), median \(median)")
    }
  }
}

extension String {
  /// With its first letter as at the start of a sentence.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
