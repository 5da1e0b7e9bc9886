import Datasets
import Foundation

extension FuzzedReader {
  /// A data set of one image in which the input takes the place of one file.
  static let datasets: [FuzzedReader] = ["annotations", "splits", "provenance"].map { part in
    let folder = Scratch.folder.appendingPathComponent("dataset-\(part)")
    let made = folder.appendingPathComponent("made")
    let prepared = Scratch.Once {
      let source = folder.appendingPathComponent("source")
      try Scratch.write(Scratch.picture(), to: source.appendingPathComponent("dent/a.png"))
      _ = try ImportRun(from: source, to: made, isReplacing: true, threads: 1).run(FoldersImporter())
    }
    return FuzzedReader("dataset-\(part)") { input in
      try prepared.run()
      try Scratch.write(input, to: made.appendingPathComponent("\(part).json"))
      _ = try Dataset(at: made)
    }
  }
}
