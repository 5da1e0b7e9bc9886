import Datasets
import Files
import Torch

/// A classifier or segmenter in training: its whole state, and its one step. `SupervisedRun` does the rest.
public protocol SupervisedTrainer: AnyObject {
  associatedtype Configuration: SupervisedConfiguration
  associatedtype Batch: Sendable

  /// What `run.json` calls runs of this kind.
  static var kind: String { get }

  /// - Throws: `InputError` for settings out of range, or images that do not do.
  init(_ configuration: Configuration, on images: LabelledImages) throws

  /// Completed steps.
  var step: Int { get }
  /// Of the last step.
  var currentRate: Double { get }
  /// Makes the batch of each step, on any thread.
  var makeBatch: @Sendable (Int) throws -> Batch { get }

  /// One step; gives the loss, which never reaches a weight where it is no finite number.
  func train(_ batch: Batch) throws -> Double

  /// All that the run needs to go on after the last completed step; the weights stand under "model".
  func checkpoint() throws -> Checkpoint
  /// Goes back to a checkpoint of a run with the same configuration.
  func restore(_ checkpoint: Checkpoint) throws
}

/// What decides a run of a classifier or segmenter.
public protocol SupervisedConfiguration: Codable, Equatable, Sendable {
  var source: LabelledSource { get }
  var steps: Int { get }
  var seed: UInt64 { get }
  /// Threads of libtorch; sums depend on it in the last digit.
  var threads: Int { get }
  /// `cpu` or `cuda:N`; nil for the CPU. Weights start from the same numbers on either.
  var device: String? { get }
  /// Steps between checkpoints.
  var checkpointInterval: Int { get }

  /// - Throws: `InputError` that names the first setting out of its range.
  func check() throws
}

extension SupervisedConfiguration {
  /// - Throws: `InputError` where it cannot be had.
  func chosenDevice() throws -> Device { try device.map { try Device($0) } ?? .cpu }

  func checkCommon() throws {
    try require((1...1024).contains(threads), "threads", "1 to 1024", threads)
    try require(checkpointInterval > 0, "checkpoint interval", "at least 1 step", checkpointInterval)
    try require(
      source.classNames.count > 1 && source.classNames.count <= 255, "classes", "a clean one and 1 to 254 defects",
      source.classNames.count)
  }

  func require(_ holds: Bool, _ key: String, _ expected: String, _ found: Any) throws {
    guard holds else { throw InputError(at: key, expected: expected, found: "\(found)") }
  }
}

/// The images of a run, and how to know them again.
public struct LabelledSource: Codable, Equatable, Sendable {
  /// Folders of data sets, whose training splits are used.
  public var paths: [String]
  /// The clean class, then the defects.
  public var classNames: [String]
  /// SHA-256 over names, contents, groups and classes of all training images: a resumed run refuses others.
  public var hash: String
}
