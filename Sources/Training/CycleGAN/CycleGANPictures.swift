import Datasets
import Models
import Torch

extension CycleGANTrainer {
  /// Rows: clean, made defective, made clean again; defect, made clean, made defective again. With masks, these before each.
  public func pictures(of batch: UnpairedBatch) throws -> [(caption: String, images: Tensor)] {
    try averaged { try rows(of: batch) }
  }

  private func rows(of batch: UnpairedBatch) throws -> [(caption: String, images: Tensor)] {
    let clean = try batch.a.tensor(on: device)
    let defect = try batch.b.tensor(on: device)
    let masks = try batch.masks(on: device)
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
