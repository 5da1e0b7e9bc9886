import Files
import Foundation
import Runs
import Torch

/// The figures of a run beside its losses: every row in `figures.csv`, and the best checkpoint's weights.
final class FigureLog {
  static let fileName = "figures.csv"

  private let log: LossLog
  private let chosen: URL
  private let patience: Int?
  private(set) var rows: [TrainingFigures]

  /// - Parameter step: the step after which the run goes on; rows after it are dropped. 0 begins.
  init(in folder: RunFolder, after step: Int, patience: Int?) throws {
    self.patience = patience
    chosen = folder.url.appendingPathComponent(RunWeights.chosenName)
    let url = folder.url.appendingPathComponent(Self.fileName)
    if FileManager.default.fileExists(atPath: url.path) {
      log = try LossLog(resuming: url, columns: TrainingFigures.names, after: step)
      rows = try LossTable(contentsOf: url).rows.map { TrainingFigures(step: $0.step, values: $0.values) }
    } else {
      log = try LossLog(creating: url, columns: TrainingFigures.names)
      rows = []
    }
  }

  /// The measurement with the lowest kernel distance; of equal ones the earliest.
  var best: TrainingFigures? { rows.min { ($0.kernel, $0.step) < ($1.kernel, $1.step) } }

  /// Whether the last `patience` steps brought nothing better.
  var isExhausted: Bool {
    guard let patience, let last = rows.last, let best else { return false }
    return last.step - best.step >= patience
  }

  /// Adds a row, and keeps the weights that it is of if it is the best yet.
  func append(_ figures: TrainingFigures, weights: () throws -> [String: Tensor], kind: String) throws {
    if best.map({ figures.kernel < $0.kernel }) ?? true {
      let metadata = [
        "kind": kind, "step": String(figures.step), "kid": String(figures.kernel),
        "kid_low": String(figures.kernelLow), "kid_high": String(figures.kernelHigh),
      ]
      try Safetensors.write(weights(), metadata: metadata, to: chosen)
    }
    try log.append(step: figures.step, values: figures.values)
    rows.append(figures)
  }

  func synchronize() throws { try log.synchronize() }
}
