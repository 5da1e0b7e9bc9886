import Datasets
import Files
import Foundation

extension TranslatorTrainer where Batch == UnpairedBatch {
  /// Windows with masks for a source of classes, otherwise whole images.
  public static func loader(
    _ configuration: Configuration, _ files: UnpairedFiles, learned: UnpairedFiles
  ) throws -> any TranslatorLoader<UnpairedBatch> {
    guard case .classes(let path, _, let classNames) = configuration.source, let masks = configuration.masks else {
      return try UnpairedLoader(
        a: files.clean, b: files.defect, transform: configuration.transform, batchSize: configuration.batchSize,
        seed: configuration.seed)
    }
    let dataset = try Dataset(at: URL(fileURLWithPath: path))
    let library = try DefectLibrary(of: dataset, classes: classNames)
    guard library.hash == masks.masksHash else {
      throw InputError(
        at: path, expected: "the masks that the run began with", found: "others", remedy: "Start a new run")
    }
    func defects(in list: FileList) throws -> DefectLibrary {
      let paths = Set(list.map(\.path))
      return try library.keeping(
        fileNames: Set(dataset.images.filter { paths.contains(dataset.url(of: $0).path) }.map(\.fileName)))
    }
    return try MaskedLoader(
      clean: files.clean, dataset: dataset, library: defects(in: files.defect), classNames: classNames,
      cleanMasks: masks.cleanMasks(like: defects(in: learned.defect)), transform: configuration.transform,
      feather: masks.feather, batchSize: configuration.batchSize, seed: configuration.seed)
  }
}
