import ArgumentParser
import Datasets
import Files
import Foundation
import Logging
import Runs
import Training

/// What a finished run says of the validation splits of its data sets: printed, and kept in its folder.
enum ValidationFigures {
  static let fileName = "validation.json"

  static func classifier(_ run: ClassifierRun) throws {
    guard let images = try images(run.datasets, run.configuration.source) else { return }
    let figures = try TrainedClassifier(run: run.folder.url).figures(of: images)
    try JSONFile.write(figures, to: run.folder.url.appendingPathComponent(fileName))
    try Logger.run(run.folder).info("validation split:\n\(FigureText.text(figures))")
  }

  static func segmenter(_ run: SegmenterRun) throws {
    guard let images = try images(run.datasets, run.configuration.source) else { return }
    let bar = ProgressBar(label: "validation", total: images.items.count)
    let figures = try TrainedSegmenter(run: run.folder.url).figures(of: images) { done, _, _, _ in
      bar.update(done: done)
    }
    bar.finish()
    try JSONFile.write(figures, to: run.folder.url.appendingPathComponent(fileName))
    try Logger.run(run.folder).info("validation split:\n\(FigureText.text(figures))")
  }

  /// The thresholds that a classifier's validation split chose; nil where it had none.
  static func thresholds(of run: URL) throws -> [String: Double]? {
    let url = run.appendingPathComponent(fileName)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return try JSONFile.read(ClassifierFigures.self, from: url).bestThresholds
  }

  /// nil where there are none.
  private static func images(_ datasets: [Dataset], _ source: LabelledSource) throws -> LabelledImages? {
    let images = try LabelledImages(datasets, defects: Array(source.classNames.dropFirst()), split: .validation).real
    return images.items.isEmpty ? nil : images
  }
}
