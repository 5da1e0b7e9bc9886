import Layers
import Models
import Torch

/// A translator of images in training, as the checks see it: a CycleGAN, a CUT, or somebody's own.
public protocol CheckedTranslator: AnyObject {
  /// Everything that is trained, by name: those of `TranslatorNetwork` as far as there are, and what there is besides.
  var networks: [(name: String, network: any Module)] { get }

  /// What the generator of a direction makes of images with its weights as they are (not an average of them), in the mode
  /// that the network is set to; nil where there is no such generator.
  ///
  /// Shapes: [N, C, H, W] in [−1, 1] → the same.
  /// - Parameter mask: where images may change; nil for a translator of whole images.
  func translated(_ images: Tensor, _ direction: TranslationDirection, mask: DefectMask?) throws -> Tensor?

  /// What the discriminator of a direction's results says of each patch; nil where there is none.
  ///
  /// Shapes: [N, C, H, W] in [−1, 1] → [N, 1, h, w].
  func scores(_ images: Tensor, _ direction: TranslationDirection, mask: DefectMask?) throws -> Tensor?

  /// One step of training at the full rate.
  ///
  /// - Returns: its losses with their weights, by `CycleGANLosses.names`, and others by their own.
  func train(_ batch: TranslatorBatch) throws -> [String: Double]

  /// What is drawn of a batch on the way, each picture by the name under which it stands.
  func pictures(_ batch: TranslatorBatch) throws -> [(caption: String, images: Tensor)]

  /// The moving averages of weights, by `<network>.<parameter>`; nil where there are none.
  func averages() throws -> [String: Tensor]?
}

extension CheckedTranslator {
  /// A row for each direction.
  public func pictures(_ batch: TranslatorBatch) throws -> [(caption: String, images: Tensor)] {
    try TranslationDirection.allCases.compactMap { direction in
      try translated(batch.source(direction), direction, mask: batch.mask(direction)).map { (direction.rawValue, $0) }
    }
  }

  public func averages() throws -> [String: Tensor]? { nil }

  func network(_ name: String) -> (any Module)? { networks.first { $0.name == name }?.network }

  /// All parameters, by `<network>.<parameter>`.
  func parameters() throws -> [(name: String, parameter: Parameter)] {
    try networks.flatMap { entry in
      try entry.network.namedParameters().map { ("\(entry.name).\($0.name)", $0.parameter) }
    }
  }

  /// Copies of all parameters as they are now.
  func weights() throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, parameter) in try parameters() { result[name] = try parameter.tensor.detached().cloned() }
    return result
  }

  func setTraining(_ training: Bool) throws {
    for (_, network) in networks { try network.setTraining(training) }
  }
}

/// The names of a translator's networks.
public enum TranslatorNetwork: String, CaseIterable, Sendable {
  case cleanToDefect = "clean_to_defect"
  case defectToClean = "defect_to_clean"
  case defectDiscriminator = "defect_discriminator"
  case cleanDiscriminator = "clean_discriminator"
}

extension TranslationDirection {
  var generator: TranslatorNetwork { self == .cleanToDefect ? .cleanToDefect : .defectToClean }
  /// What judges this direction's results.
  var discriminator: TranslatorNetwork { self == .cleanToDefect ? .defectDiscriminator : .cleanDiscriminator }
  var reverse: TranslationDirection { self == .cleanToDefect ? .defectToClean : .cleanToDefect }
  var words: String { self == .cleanToDefect ? "clean to defect" : "defect to clean" }
}
