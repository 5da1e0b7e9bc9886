import Datasets
import Files
import Foundation
import Torch
import Training

/// How long a study will take, measured on a few steps of each kind of training, on this machine as it is now.
///
/// What stands in the study's folder is taken to be part of it. Making images and decoding them is not counted.
public struct StudyEstimate: Equatable, Sendable {
  /// Trainings of one kind.
  public struct Trainings: Codable, Equatable, Sendable {
    public let left: Int
    public let steps: Int
    public let secondsPerStep: Double
    /// Beside the steps, in each: scoring of the validation and test images.
    public let scoring: Double

    public var seconds: Double { Double(left) * (Double(steps) * secondsPerStep + scoring) }
  }

  public let translators: Trainings?
  /// Of the cells.
  public let networks: Trainings
  public var seconds: Double { (translators?.seconds ?? 0) + networks.seconds }

  /// Steps that are timed, after two that are not.
  private static let timed = 5

  init(_ settings: StudySettings, data: StudyData, folder: URL, base: URL, backbone: Safetensors? = nil) throws {
    func stands(_ name: String, _ isWhole: (URL) -> Bool) -> Int {
      let urls = try? FileManager.default.contentsOfDirectory(
        at: folder.appendingPathComponent(name), includingPropertiesForKeys: nil)
      return (urls ?? []).count(where: isWhole)
    }
    let scratch = folder.appendingPathComponent(".estimate-\(ProcessInfo.processInfo.processIdentifier)")
    try Folder.create(at: folder)
    defer { try? FileManager.default.removeItem(at: scratch) }
    if let training = settings.translator.training, settings.arms.contains(where: { $0.addition == .synthetic }) {
      let runs = stands("translators") {
        FileManager.default.fileExists(atPath: $0.appendingPathComponent(RunWeights.finalName).path)
      }
      let translators = StudyTranslators(settings, data: data, folder: folder, base: base)
      let left = max(0, settings.parts.count * settings.defects.count - runs)
      self.translators = Trainings(
        left: left, steps: training.steps,
        secondsPerStep: left == 0
          ? 0 : try Self.secondsPerStep { try translators.tryOut(settings.defects[0], in: scratch, $0) },
        scoring: 0)
    } else {
      translators = nil
    }
    let cells = settings.parts.reduce(0) { $0 + settings.arms(at: $1.fraction).count } * settings.seeds.count
    let left = max(0, cells - stands("cells") { $0.pathExtension == "json" })
    let trainer = try CellTrainer(settings, data: data, added: [:], backbone: backbone)
    let step =
      left == 0 ? 0 : try Self.secondsPerStep { onStep in _ = try trainer.train(StudyCell.trial) { _ in try onStep() } }
    // Forward alone is about a third of a step.
    let batches = Double(data.validation.count + data.test.count) / Double(settings.network.batchSize)
    networks = Trainings(
      left: left, steps: settings.network.steps, secondsPerStep: step, scoring: batches * step / 3)
  }

  private struct Enough: Error {}

  /// - Parameter train: trains, and calls what it is given after each step; that throws when it is enough.
  private static func secondsPerStep(_ train: (() throws -> Void) throws -> Void) throws -> Double {
    var times: [Double] = []
    do {
      try train {
        times.append(ProcessInfo.processInfo.systemUptime)
        if times.count == timed + 2 { throw Enough() }
      }
    } catch is Enough {}
    let first = min(1, max(0, times.count - 2))
    guard let last = times.last, times.count > first + 1 else { return 0 }
    return (last - times[first]) / Double(times.count - 1 - first)
  }
}
