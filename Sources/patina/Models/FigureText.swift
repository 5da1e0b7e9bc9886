import Foundation
import Training

/// Figures of classifiers and segmenters, as a table.
enum FigureText {
  static func text(_ figures: ClassifierFigures) -> String {
    var table = TextTable(["class", "images", "AP", "AUROC", "F1", "at"])
    for defect in figures.defects {
      table.add([
        defect.name, "\(defect.images)", number(defect.averagePrecision), number(defect.areaUnderROC),
        number(defect.f1), number(defect.threshold),
      ])
    }
    let chosen = figures.hasChosenThresholds ? "thresholds from the validation split" : "thresholds 0.5"
    return "\(figures.images) images, \(figures.clean) clean\n\(table.text)\n"
      + "mean AP \(number(figures.meanAveragePrecision)), accuracy \(number(figures.accuracy)), \(chosen)"
  }

  static func text(_ figures: SegmenterFigures) -> String {
    var table = TextTable([
      "class", "images", "Dice", "IoU", "precision", "recall", "mean Dice", "pixel AP", "AP", "AUROC",
    ])
    for defect in figures.defects {
      table.add(
        [defect.name, "\(defect.images)"]
          + [
            defect.dice, defect.intersectionOverUnion, defect.precision, defect.recall, defect.meanDice,
            defect.pixelAveragePrecision, defect.averagePrecision, defect.areaUnderROC,
          ].map(number))
    }
    var lines = ["\(figures.images) images, \(figures.clean) clean", table.text]
    for defect in figures.defects where !defect.bySize.isEmpty {
      let parts = defect.bySize.map { "\($0.found) of \($0.count) of \($0.smallest) to \($0.largest) pixels" }
      lines.append("\(defect.name) found: \(parts.joined(separator: ", "))")
    }
    lines.append(
      "defective against clean: AP \(number(figures.averagePrecision)), AUROC \(number(figures.areaUnderROC))")
    if figures.unmapped > 0 {
      lines.append("\(figures.unmapped) images without masks count for AP and AUROC alone")
    }
    return lines.joined(separator: "\n")
  }

  private static func number(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "-" }
}
