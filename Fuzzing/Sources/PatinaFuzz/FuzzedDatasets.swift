import Datasets
import Foundation

extension FuzzedReader {
  /// A data set of one image in which the input takes the place of one file: read as a data set, and inspected.
  static let datasets: [FuzzedReader] =
    ["annotations", "splits", "provenance"].map { part in
      withDataset("dataset-\(part)") { input, dataset in
        try Scratch.write(input, to: dataset.appendingPathComponent("\(part).json"))
        _ = try Dataset(at: dataset)
      }
    } + [
      withDataset("inspection") { input, dataset in
        try Scratch.write(input, to: dataset.appendingPathComponent("annotations.json"))
        _ = DatasetInspector(threads: 1).inspect(try OpenedDataset(at: dataset))
      },
      withDataset("groups") { input, dataset in
        let table = dataset.deletingLastPathComponent().appendingPathComponent("groups.csv")
        try Scratch.write(input, to: table)
        var groups = SplitGroups(of: try Dataset(at: dataset))
        try groups.join(table: table)
      },
    ]

  private static func withDataset(
    _ name: String, read: @escaping @Sendable (_ input: Data, _ dataset: URL) throws -> Void
  ) -> FuzzedReader {
    let folder = Scratch.folder.appendingPathComponent(name)
    let made = folder.appendingPathComponent("made")
    let prepared = Scratch.Once {
      let source = folder.appendingPathComponent("source")
      try Scratch.write(Scratch.picture(), to: source.appendingPathComponent("dent/a.png"))
      _ = try ImportRun(from: source, to: made, isReplacing: true, threads: 1).run(FoldersImporter())
    }
    return FuzzedReader(name) { input in
      try prepared.run()
      try read(input, made)
    }
  }
}
