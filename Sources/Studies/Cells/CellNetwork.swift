import Datasets
import Runs
import Training

/// What trains the networks of a study's task on one part of its data.
protocol CellNetwork {
  /// - Parameters:
  ///   - added: what the arm adds to the real training images.
  ///   - counts: training images of each class, with those that are added.
  func training(_ arm: StudyArm, with added: AddedImages?, counts: [Int], seed: UInt64) throws -> any CellTraining
}

/// A network of one cell.
protocol CellTraining {
  /// - Parameter onStep: called after each step with the completed steps and the loss.
  func train(onStep: (Int, Double) throws -> Void) throws
  /// What it says of every image of a split.
  func predictions(_ split: Split) throws -> [Prediction]
  /// Its state, which shares memory with it.
  func checkpoint() throws -> Checkpoint
  func restore(_ checkpoint: Checkpoint) throws
}
