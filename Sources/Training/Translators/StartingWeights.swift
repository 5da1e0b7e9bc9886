import Files
import Foundation
import Runs
import Torch

/// Weights of another run that one begins with, to learn from few images what differs.
public struct StartingWeights: Codable, Equatable, Sendable {
  /// The safetensors file.
  public var path: String
  /// SHA-256 of it: a resumed run refuses another.
  public var hash: String
  /// Whether its generators give what changes in an image, which its weights do not say; nil for no.
  public var residual: Bool?

  private struct Networks: Codable { let residual: Bool? }

  /// The weights that a run's figures chose, or its final ones.
  ///
  /// - Throws: `InputError` when the folder holds neither.
  public init(of run: URL) throws {
    guard let url = RunWeights.url(in: run) else {
      throw InputError(
        at: run.path, expected: "the folder of a run that is finished", found: "no weights", remedy: "Train it first")
    }
    path = url.path
    hash = try ContentHash.sha256(contentsOf: url)
    residual = try RunFolder(reading: run).readRecord(of: Networks.self).configuration.residual
  }

  func tensors() throws -> [String: Tensor] {
    let url = URL(fileURLWithPath: path)
    guard try ContentHash.sha256(contentsOf: url) == hash else {
      throw InputError(at: path, expected: "the weights that the run began with", found: "others")
    }
    return try Safetensors(contentsOf: url).tensors()
  }
}

/// The files in a run's folder that hold weights to be used.
public enum RunWeights {
  /// Of the checkpoint that its figures chose.
  public static let chosenName = "chosen.safetensors"
  /// After the last step.
  public static let finalName = "weights.safetensors"

  /// The chosen weights if there are any, else the final ones; nil where the run is not finished.
  public static func url(in run: URL) -> URL? {
    [chosenName, finalName].map(run.appendingPathComponent).first { FileManager.default.fileExists(atPath: $0.path) }
  }
}
