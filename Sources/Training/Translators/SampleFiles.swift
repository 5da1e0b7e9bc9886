import Foundation
import Images
import Runs

extension RunFolder {
  /// The sample pictures that a translator's run drew, in order of their steps.
  public var sampleFiles: [(step: Int, url: URL)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: samples.path)) ?? []
    return names.compactMap { name -> (step: Int, url: URL)? in
      guard name.hasPrefix("step-"), name.hasSuffix(".png"), let step = Int(name.dropFirst(5).dropLast(4)) else {
        return nil
      }
      return (step, samples.appendingPathComponent(name))
    }.sorted { $0.step < $1.step }
  }

  /// The first image of the fixed batch through training, and what became of it: rows are pictures, columns are steps.
  ///
  /// - Returns: nil where no samples were drawn.
  /// - Throws: where a sample cannot be read.
  public func filmStrip() throws -> Image? {
    let files = FilmStrip.thinned(sampleFiles)
    guard !files.isEmpty else { return nil }
    return try FilmStrip(
      files.map { FilmStrip.Frame(try Image(contentsOf: $0.url), caption: "step \($0.step)") }
    ).rendered()
  }
}
