import Datasets
import Models
import Torch

extension UnpairedBatch {
  /// Where images change, on a device; nil where whole images are translated.
  public func masks(on device: Device) throws -> DefectMasks? {
    guard let masks else { return nil }
    return try DefectMasks(
      clean: DefectMask(masks.a.tensor(on: device)), defect: DefectMask(masks.b.tensor(on: device)))
  }
}

extension DefectMask {
  /// What counts of a translation, as images of as many channels: −1 where nothing does, 1 where all does.
  func picture(like images: Tensor) throws(TorchError) -> Tensor {
    try .concatenated(Array(repeating: weight * 2 - 1, count: images.shape[1]), 1)
  }
}
