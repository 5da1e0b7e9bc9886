import Datasets
import Files
import Foundation
import Models
import Runs
import Synthesis
import Torch
import Training

/// The translators of a study: trained once, shared by every cell.
///
/// Folders are named after what decides their contents, so a changed study never takes over stale images.
public struct StudyTranslators {
  /// What is being done, for a progress line.
  public enum Event {
    case training(defect: String, step: Int, total: Int)
    case synthesizing(defect: String, done: Int, total: Int)
  }

  private let settings: StudySettings
  private let data: StudyData
  private let folder: URL
  /// Against which the paths of existing runs are resolved.
  private let base: URL

  public init(_ settings: StudySettings, data: StudyData, folder: URL, base: URL) {
    self.settings = settings
    self.data = data
    self.folder = folder
    self.base = base
  }

  /// SHA-256 of the weights of each existing run; empty when the study trains its own.
  ///
  /// - Parameter base: against which their paths are resolved.
  static func existingHashes(_ settings: StudySettings, base: URL) throws -> [String: String] {
    try settings.translator.runs.mapValues { try Translator(run: url($0, base)).modelHash }
  }

  /// What makes the images of a defect class; it is trained first where it is not there yet.
  ///
  /// - Returns: nil when it was asked to stop; everything is then saved and the next call goes on.
  func maker(
    of defect: String, shouldStop: () -> Bool, report: (Event) -> Void
  ) throws -> StudyAdditions.Maker? {
    guard let run = try trained(defect, shouldStop: shouldStop, report: report) else { return nil }
    let translator = try Translator(run: run)
    try checkMakes(defect, translator, run)
    try checkScale(translator, run)
    // Also when the images are there already: a run that leaks is refused whenever it is named.
    try translator.trainingImages.checkNoLeak(into: data.dataset)
    let seed = UInt64(settings.translator.training?.seed ?? 0)
    let identity = [translator.modelHash, "\(seed)"]
    if let masks = translator.configuration.masks {
      return StudyAdditions.Maker(kind: "", identity: identity, gates: settings.gates) { count, target, progress in
        let library = try DefectLibrary(of: data.dataset, classes: [defect])
        let synthesis = try PlacedSynthesis(
          MaskedTranslation(translator), on: data.dataset, shapes: masks.shapes(like: library), placer: masks.placer(),
          seed: seed)
        try (settings.gates ?? .none).synthesize(
          count, by: synthesis, library: library, translator: translator, to: target, progress: progress)
      }
    }
    return StudyAdditions.Maker(kind: "", identity: identity) { count, target, progress in
      try Synthesizer(translator, dataset: data.dataset, seed: seed).synthesize(
        count: count, to: target, progress: progress)
    }
  }

  /// The folder of a finished run for `defect`; nil when it was asked to stop.
  private func trained(_ defect: String, shouldStop: () -> Bool, report: (Event) -> Void) throws -> URL? {
    if let path = settings.translator.runs[defect] { return Self.url(path, base) }
    let (configuration, images) = try configuration(defect)
    var content = configuration
    // The same images elsewhere are the same.
    content.source = source(defect, path: "")
    let hash = try Self.hash([String(decoding: JSONFile.encode(content), as: UTF8.self)])
    let url = folder.appendingPathComponent("translators").appendingPathComponent("\(Self.fileName(defect))-\(hash)")
    if FileManager.default.fileExists(atPath: url.appendingPathComponent(RunWeights.finalName).path) { return url }
    let isThere = FileManager.default.fileExists(atPath: url.appendingPathComponent("run.json").path)
    let run =
      try isThere ? CycleGANRun.resume(url, images: images) : CycleGANRun.start(configuration, images: images, in: url)
    let finished = try run.train(shouldStop: shouldStop) { step, _ in
      report(.training(defect: defect, step: step, total: run.totalSteps))
    }
    return finished ? url : nil
  }

  /// Begins a training in a folder that is not kept.
  ///
  /// - Parameter onStep: called after each step; what it throws ends the training.
  func tryOut(_ defect: String, in scratch: URL, _ onStep: () throws -> Void) throws {
    let (configuration, images) = try configuration(defect)
    var stopped: (any Error)?
    try CycleGANRun.start(configuration, images: images, in: scratch).train(shouldStop: { stopped != nil }) { _, _ in
      do { try onStep() } catch { stopped = error }
    }
    if let stopped { throw stopped }
  }

  private func configuration(_ defect: String) throws -> (CycleGANConfiguration, UnpairedImages) {
    guard let training = settings.translator.training else {
      throw InputError(at: "translator", expected: "a run or how to train one", found: "neither")
    }
    let source = source(defect, path: data.dataset.folder.path)
    let transform = ImageTransform(
      size: training.window ?? settings.imageSize,
      loadSize: training.window == nil ? ImageTransform.referenceLoadSize(for: settings.imageSize) : nil,
      channels: data.channels, fit: training.window == nil ? fit : nil)
    let images = try UnpairedImages(source)
    var result = CycleGANConfiguration(
      source: source, imagesHash: images.hash, transform: transform, threads: Runtime.threadCount)
    result.filters = training.filters
    result.discriminatorFilters = training.discriminatorFilters
    result.blocks = training.blocks
    result.batchSize = training.batchSize
    result.learningRate = training.learningRate
    if let precision = training.precision { result.precision = precision }
    if training.window != nil {
      result.setMaskDefaults()
      result.masks = MaskSettings(masksHash: try DefectLibrary(of: source).hash)
      (result.augmentation, result.average) = (DiffAugment(), Self.average)
    }
    if let weight = training.cycleWeight { (result.loss.cleanCycle, result.loss.defectCycle) = (weight, weight) }
    result.loss.identity = training.identityWeight
    result.length = .steps(training.steps)
    result.seed = UInt64(training.seed)
    result.sampleInterval = max(1, training.steps / 5)
    return (result, images)
  }

  /// Translators of whole images see them as classifiers do.
  private var fit: ImageTransform.Fit? {
    settings.network.fit == .crop ? nil : settings.network.fit
  }

  /// Decay of the moving averages of translators that learn from masks.
  private static let average = 0.99

  private func source(_ defect: String, path: String) -> TrainingSource {
    settings.translator.training?.window == nil
      ? .dataset(path: path, clean: settings.clean, defect: defect)
      : .classes(path: path, clean: settings.clean, defects: [defect])
  }

  /// A path of the study file, which may be absolute.
  private static func url(_ path: String, _ base: URL) -> URL {
    URL(fileURLWithPath: path, relativeTo: base).standardizedFileURL
  }

  private func checkMakes(_ defect: String, _ translator: Translator, _ run: URL) throws {
    let configuration = translator.configuration
    if configuration.masks != nil {
      guard configuration.source.defectNames.contains(defect), configuration.transform.channels == data.channels else {
        throw InputError(
          at: run.path, expected: "a run that makes \(defect) with \(data.channels) channels",
          found: "\(configuration.source.defectNames.joined(separator: ", ")) with \(configuration.transform.channels)")
      }
      return
    }
    guard !settings.network.isSegmenter else {
      throw InputError(
        at: run.path, expected: "a run that makes defects where masks say, for a segmenter",
        found: "one of whole images")
    }
    guard configuration.source.defectNames == [defect], configuration.transform.size == settings.imageSize,
      configuration.transform.channels == data.channels
    else {
      throw InputError(
        at: run.path,
        expected: "a run that makes \(defect) at \(settings.imageSize) pixels with \(data.channels) channels",
        found:
          "\(configuration.source.defectNames.joined(separator: ", ")) at \(configuration.transform.size) pixels with \(configuration.transform.channels)"
      )
    }
  }

  /// Real images are scaled to the study's size; a translator that cropped at native scale would show its defects larger, or one
  /// that stretches others, and the classifier could tell synthetic images by that alone.
  private func checkScale(_ translator: Translator, _ run: URL) throws {
    // Where masks say where, a defect is made at native scale on a whole image, which is then scaled as a real one.
    guard translator.configuration.masks == nil else { return }
    let size = settings.imageSize
    let transform = translator.configuration.transform
    let images = (data.train + data.validation + data.test).map(\.image)
    if transform.loadSize == nil, let other = images.first(where: { $0.width != size || $0.height != size }) {
      throw InputError(
        at: run.path, expected: "a run that scales images as the study does, to \(size) pixels",
        found: "one at native scale, while \(other.fileName) has \(other.width) × \(other.height)",
        remedy: "Train without --native, or cut windows of \(size) pixels")
    }
    let own = transform.fit ?? .crop, shown = fit ?? .crop
    if own != shown, let other = images.first(where: { $0.width != $0.height }) {
      throw InputError(
        at: run.path, expected: "a run that sees images that are no squares as the classifier does (\(shown.rawValue))",
        found: "\(own.rawValue), while \(other.fileName) has \(other.width) × \(other.height)",
        remedy: "Write 'classifier: {fit: \(own.rawValue)}'")
    }
  }

  static func hash(_ parts: [String]) throws -> String {
    String(ContentHash.sha256(try JSONFile.encode(parts)).prefix(16))
  }

  /// A class's name as part of a file name.
  static func fileName(_ name: String) -> String {
    String(name.prefix(40).map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" ? $0 : "_" })
  }
}
