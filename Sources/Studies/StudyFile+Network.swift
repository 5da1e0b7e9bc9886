import Datasets
import Files
import Runs

/// What is trained in every cell, and what of it decides.
extension StudyFile {
  /// - Parameters:
  ///   - map: with what a preset fills in, which may be for another task.
  ///   - written: as it stands in the file.
  static func network(_ map: YAMLMapping, written: YAMLMapping) throws -> StudyNetwork {
    switch try map.string("task") {
    case nil, "classification":
      try refuse("segmenter", written, "'task: segmentation'")
      return .classifier(try classifier(map))
    case "segmentation":
      try refuse("classifier", written, "'task: classification'")
      return .segmenter(try segmenter(map))
    case let other?:
      throw InputError(at: map.place("task"), expected: "classification or segmentation", found: "'\(other)'")
    }
  }

  private static func refuse(_ key: String, _ written: YAMLMapping, _ task: String) throws {
    guard written.has(key) else { return }
    throw InputError(at: written.place(key), expected: "no '\(key)' but with \(task)", found: "one")
  }

  /// The task's first figure unless the file names another of its figures.
  static func primary(_ map: YAMLMapping, _ network: StudyNetwork) throws -> StudyFigure {
    guard let name = try map.string("primary") else { return network.figures[0] }
    guard let figure = StudyFigure(rawValue: name), network.figures.contains(figure) else {
      throw InputError(
        at: map.place("primary"), expected: network.figures.map(\.rawValue).joined(separator: ", "), found: "'\(name)'")
    }
    return figure
  }

  private static func classifier(_ map: YAMLMapping) throws -> ClassifierSettings {
    let inner = try map.mapping("classifier")
    try inner?.refuseKeys(
      except: [
        "fit", "width", "stem", "weights", "steps", "batch", "learning-rate", "schedule", "weight-decay", "precision",
        "keep",
      ])
    return ClassifierSettings(
      fit: try inner?.choice("fit") ?? .stretch, width: try inner?.int("width", in: 4...512) ?? 16,
      steps: try inner?.int("steps", in: 1...1_000_000) ?? 300, batchSize: try inner?.int("batch", in: 2...4096) ?? 32,
      learningRate: try inner?.double("learning-rate", in: 1e-8...1) ?? 0.001,
      weightDecay: try inner?.double("weight-decay", in: 0...1) ?? 0.01, precision: try inner?.choice("precision"),
      schedule: try inner?.choice("schedule"), keep: try inner?.choice("keep"), stem: try inner?.choice("stem"),
      weights: try inner?.string("weights"))
  }

  private static func segmenter(_ map: YAMLMapping) throws -> SegmenterSettings {
    let inner = try map.mapping("segmenter")
    try inner?.refuseKeys(
      except: [
        "window", "defect-share", "width", "depth", "steps", "batch", "learning-rate", "schedule",
        "weight-decay", "precision", "keep",
      ])
    let depth = try inner?.int("depth", in: 1...6) ?? 4
    let window = try inner?.int("window", in: 32...1024) ?? 64
    guard window >= 2 << depth else {
      throw InputError(
        at: inner?.place("window") ?? map.place("segmenter"),
        expected: "at least \(2 << depth) pixels for \(depth) halvings", found: "\(window)")
    }
    let share = try inner?.double("defect-share", in: 0...1) ?? 0.5
    return SegmenterSettings(
      window: window, defectShare: share, width: try inner?.int("width", in: 4...512) ?? 16, depth: depth,
      steps: try inner?.int("steps", in: 1...1_000_000) ?? 400, batchSize: try inner?.int("batch", in: 2...4096) ?? 16,
      learningRate: try inner?.double("learning-rate", in: 1e-8...1) ?? 0.001,
      weightDecay: try inner?.double("weight-decay", in: 0...1) ?? 0.01, precision: try inner?.choice("precision"),
      schedule: try inner?.choice("schedule"), keep: try inner?.choice("keep"))
  }
}
