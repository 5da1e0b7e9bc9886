import Datasets
import Models
import Torch

extension CycleGANTrainer {
  /// Rows: clean, made defective, made clean again; defect, made clean, made defective again. With masks, these before each.
  public func pictures(of batch: UnpairedBatch) throws -> [(caption: String, images: Tensor)] {
    try pictures(clean: batch.a.tensor(on: device), defect: batch.b.tensor(on: device), masks: batch.masks(on: device))
  }

  /// The same of images on the trainer's device.
  ///
  /// Shapes: clean and defect [N, C, H, W] in [−1, 1] → rows of the same.
  public func pictures(
    clean: Tensor, defect: Tensor, masks: DefectMasks?
  ) throws -> [(caption: String, images: Tensor)] {
    try averaged { try rows(clean: clean, defect: defect, masks: masks) }
  }

  private func rows(
    clean: Tensor, defect: Tensor, masks: DefectMasks?
  ) throws -> [(caption: String, images: Tensor)] {
    let fakeDefect = try model.makingDefects(on: clean, where: masks?.clean)
    let fakeClean = try model.removingDefects(from: defect, where: masks?.defect)
    var rows = [
      ("clean", clean), ("to defect", fakeDefect),
      ("and back", try model.removingDefects(from: fakeDefect, where: masks?.clean)),
      ("defect", defect), ("to clean", fakeClean),
      ("and back", try model.makingDefects(on: fakeClean, where: masks?.defect)),
    ]
    if let masks {
      rows.insert(("mask", try masks.defect.picture(like: defect)), at: 4)
      rows.insert(("mask", try masks.clean.picture(like: clean)), at: 1)
    }
    return rows
  }

  public func madeDefects(of batch: UnpairedBatch) throws -> Tensor {
    try averaged {
      try model.makingDefects(on: batch.a.tensor(on: device), where: batch.masks(on: device)?.clean)
    }
  }

  public func realDefects(of batch: UnpairedBatch) throws -> Tensor { try batch.b.tensor(on: device) }
}
