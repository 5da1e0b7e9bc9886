import Foundation
import Models
import Torch
import Training

/// What makes translators and shows them images: all that checks need of a training.
public struct TranslatorSubject {
  /// Gives the batch of a step (from 0).
  public typealias Batches = (_ step: Int) throws -> TranslatorBatch

  /// A translator that has not learned anything: the same seed gives the same weights.
  public var make: (_ seed: UInt64) throws -> any CheckedTranslator
  /// The training batches.
  public var batch: Batches
  /// The weights that the settings claim.
  public var loss = CycleGANLoss()
  /// The terms of `CycleGANLosses.names` that follow from what the networks say before the step. Leave out what is
  /// computed from images that only the discriminators see, or after an update.
  public var terms = Set(CycleGANLosses.names)
  /// The decay of the weights' averages that the settings claim; nil for no averages.
  public var averageDecay: Double?
  /// The training's own way from files to batches, tried on pictures that tell where every pixel comes from; nil where
  /// batches do not come from two lists of files.
  public var loader: ((_ clean: [URL], _ defect: [URL], _ seed: UInt64) throws -> Batches)?
  /// Writes the pictures of a batch into a folder, as a program would that uses the translator; nil for what `pictures` of
  /// the translator gives.
  public var write: ((_ translator: any CheckedTranslator, _ batch: TranslatorBatch, _ folder: URL) throws -> Void)?
  /// Whether the same sums are the same to the last bit; on a GPU they are not.
  public var repeatsExactly = true

  public init(
    make: @escaping (_ seed: UInt64) throws -> any CheckedTranslator, batch: @escaping Batches
  ) {
    self.make = make
    self.batch = batch
  }
}
