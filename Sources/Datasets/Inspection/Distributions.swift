import Foundation
import Runs

/// Histograms by class.
struct Distributions {
  private let survey: Survey
  private static let bins = 32

  init(_ survey: Survey) { self.survey = survey }

  var all: [InspectionRecord.Distribution] {
    var result: [InspectionRecord.Distribution] = []
    func add(_ title: String, _ explanation: String, _ unit: String, of measure: ImageMeasure) {
      let values = byClass { [$0.measures[measure]] }
      if let made = Self.distribution(title, explanation, unit, isLogarithmic: false, values) { result.append(made) }
    }
    if let areas = Self.distribution(
      "Size of defects", "Pixels of each defect: of the connected part of a mask, or of a box.", "px",
      isLogarithmic: true, areas)
    {
      result.append(areas)
    }
    add(
      "Brightness", "Mean of an image outside of its marked defects; 0 is black, 1 white.", "of full scale",
      of: .brightness)
    add(
      "Contrast", "Standard deviation of an image's brightness, outside of its marked defects.", "of full scale",
      of: .contrast)
    add(
      "Fine detail", "Mean difference of neighbouring pixels: high for noise and sharp texture, low for blur.",
      "of full scale", of: .sharpness)
    add(
      "File size per pixel", "Bytes of the file by pixel: how much there is to compress, and how strongly it was.",
      "B/px", of: .bytesPerPixel)
    add("Width", "Of the images.", "px", of: .width)
    add("Height", "Of the images.", "px", of: .height)
    return result
  }

  private func byClass(_ values: (ImageFacts) -> [Double]) -> [(name: String, values: [Double])] {
    var result = survey.dataset.classNames.map { (name: $0, values: [Double]()) }
    for (index, facts) in survey.readable { result[survey.classIndices[index]].values += values(facts) }
    return result
  }

  private var areas: [(name: String, values: [Double])] {
    var result: [Int: [Double]] = [:]
    for (_, facts) in survey.readable {
      for defect in facts.defects.defects { result[Int(defect.category), default: []].append(Double(defect.area)) }
    }
    return survey.dataset.categories.map { (name: $0.name, values: result[$0.id] ?? []) }
  }

  /// nil where there is nothing, or only one value.
  private static func distribution(
    _ title: String, _ explanation: String, _ unit: String, isLogarithmic: Bool,
    _ classes: [(name: String, values: [Double])]
  ) -> InspectionRecord.Distribution? {
    let filled = classes.filter { !$0.values.isEmpty }
    let all = filled.flatMap(\.values)
    guard let least = all.min(), let most = all.max(), most > least, !isLogarithmic || least > 0 else { return nil }
    let (low, high) = isLogarithmic ? (log(least), log(most)) : (least, most)
    func place(_ value: Double) -> Int {
      let share = ((isLogarithmic ? log(value) : value) - low) / (high - low)
      return min(bins - 1, max(0, Int(share * Double(bins))))
    }
    let edges = (0...bins).map { index -> Double in
      let edge = low + (high - low) * Double(index) / Double(bins)
      return isLogarithmic ? exp(edge) : edge
    }
    return InspectionRecord.Distribution(
      title: title, explanation: explanation, unit: unit, isLogarithmic: isLogarithmic, edges: edges,
      series: filled.map { entry in
        var counts = [Int](repeating: 0, count: bins)
        for value in entry.values { counts[place(value)] += 1 }
        return .init(name: entry.name, counts: counts, spread: .init(entry.values))
      })
  }
}
