import Datasets
import Torch

/// A translator in training: its whole state, and its one step. `TranslatorRun` does the rest.
public protocol TranslatorTrainer: AnyObject {
  associatedtype Configuration: TranslatorConfiguration
  associatedtype Losses: StepLosses
  associatedtype Batch: Sendable

  /// What `run.json` calls runs of this kind.
  static var kind: String { get }
  /// Where batches of `files` come from. Masks, if any, are like those of the images that are `learned`, also for others.
  static func loader(
    _ configuration: Configuration, _ files: UnpairedFiles, learned: UnpairedFiles
  ) throws -> any TranslatorLoader<Batch>

  /// - Parameter execution: by default what suits the device.
  /// - Throws: `InputError` for settings out of range, `TorchError` when the device cannot be had.
  init(_ configuration: Configuration, execution: TrainingExecution?) throws

  var configuration: Configuration { get }
  var execution: TrainingExecution { get }
  /// Completed steps.
  var step: Int { get }

  /// One step. A loss that is no finite number never reaches a weight; where checks are deferred, `read()` throws.
  func train(_ batch: Batch, rateFactor: Double) throws -> PendingLosses<Losses>

  /// Weights, moments, pools and random states after the last completed step.
  func checkpoint() throws -> Checkpoint
  /// Goes back to a checkpoint of a run with the same configuration.
  func restore(_ checkpoint: Checkpoint) throws
  /// The weights alone, by the names of `checkpoint`'s "model".
  func weights() throws -> [String: Tensor]
  /// What a batch's images become, in rows of [N, C, H, W] with their captions. Draws nothing at random.
  ///
  /// A run's watch looks at the rows `clean` and `to defect`, and `defect` and `to clean` where there is a way back; a row
  /// `mask` behind `clean` or `defect` says where these are translated.
  func pictures(of batch: Batch) throws -> [(caption: String, images: Tensor)]
  /// What a batch's clean images become when they are made defective: [N, C, H, W] in [−1, 1].
  func madeDefects(of batch: Batch) throws -> Tensor
  /// A batch's defective images.
  func realDefects(of batch: Batch) throws -> Tensor
}
