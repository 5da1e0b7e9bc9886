import ArgumentParser
import Datasets
import Files
import Foundation
import Images
import Runs
import Torch
import Training

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Figures of a trained classifier or segmenter on a split of a data set.",
    discussion: """
      Figures are of the whole set, never means over batches; synthetic images are
      left out. A split is refused where a training image is in it, shares a group
      with it, or was made from it.

      Of a classifier, for each class:
        AP, AUROC  of its score, against all other images
        F1         at the threshold that is best on the run's validation split (else .5)

      Of a segmenter, on whole images of any size:
        Dice, IoU, precision, recall  of all pixels of the set taken together
        mean Dice  over the images that show the class
        pixel AP   of its probability, over all pixels
        AP, AUROC  of the images' scores, the mean of the highest 0.1 % of a class's
                   probabilities (of at least 10 pixels)
        found      defects of which at least a quarter is called their class, by size

      --predictions writes a picture for each image: the image, the true defects, the
      predicted ones, in one colour for each class.

      Examples:
        patina test runs/real --dataset windows
        patina test runs/real --dataset windows --split validation --json
        patina test runs/cracks --dataset tiles --predictions pictures
      """)

  @Argument(
    help: ArgumentHelp("The folder of a run of train classifier or train segmenter.", valueName: "run"))
  var folder: String
  @Option(help: ArgumentHelp("The data set.", valueName: "dir")) var dataset: String
  @Option(help: "test, validation or train.") var split = Split.test
  @Option(help: ArgumentHelp("A new folder for pictures, of a segmenter.", valueName: "dir"))
  var predictions: String?
  @Option(help: "Threads.") var threads = Runtime.threadCount
  @Flag(help: "Print everything as JSON.") var json = false

  private struct Answer<Figures: Encodable>: Encodable {
    let run: String
    let kind: String
    /// Of the weights.
    let model: String
    let dataset: String
    let split: Split
    let figures: Figures
  }

  func run() throws {
    try Runtime.setThreadCount(threads)
    let url = URL(fileURLWithPath: folder)
    let kind = try RunFolder(reading: url).readRecord().kind
    switch kind {
    case ClassifierTrainer.kind: try classifier(url)
    case SegmenterTrainer.kind: try segmenter(url)
    default:
      throw InputError(at: folder, expected: "a run of a classifier or a segmenter", found: "one of \(kind)")
    }
  }

  private func classifier(_ url: URL) throws {
    guard predictions == nil else { throw ValidationError("--predictions are of a segmenter") }
    let model = try TrainedClassifier(run: url)
    let images = try images(model.classNames, model.trainingImages)
    let bar = ProgressBar(label: "scoring", total: images.items.count)
    let figures = try model.figures(of: images, thresholds: ValidationFigures.thresholds(of: url)) {
      bar.update(done: $0)
    }
    bar.finish()
    try show(figures, ClassifierTrainer.kind, model.modelHash, FigureText.text(figures))
  }

  private func segmenter(_ url: URL) throws {
    let model = try TrainedSegmenter(run: url)
    let images = try images(model.classNames, model.trainingImages)
    let pictures = try predictions.map { try StagedFolder(for: URL(fileURLWithPath: $0), replacing: false) }
    let bar = ProgressBar(label: "segmenting", total: images.items.count)
    let figures = try model.figures(of: images) { done, item, image, answer in
      if let pictures {
        let name = item.image.fileName
        let file = pictures.url.appendingPathComponent(name.hasSuffix(".png") ? name : name + ".png")
        try Folder.create(at: file.deletingLastPathComponent())
        try SegmenterPicture.image(
          of: image, truth: item.isMapped ? item.labelMap() : nil, called: answer.labels
        ).encoded(as: .png).write(to: file)
      }
      bar.update(done: done)
    }
    bar.finish()
    try pictures?.commit()
    try show(figures, SegmenterTrainer.kind, model.modelHash, FigureText.text(figures))
  }

  /// The real images of the split, of which nothing was learned from.
  private func images(_ classNames: [String], _ trained: TrainingImages) throws -> LabelledImages {
    let dataset = try Dataset(at: URL(fileURLWithPath: dataset))
    try dataset.requireSplit()
    try trained.checkHeldOut(dataset, split)
    let defects = Array(classNames.dropFirst())
    guard defects.contains(where: dataset.classNames.contains) else {
      throw InputError(
        at: dataset.folder.path, expected: "a class among \(defects.joined(separator: ", "))",
        found: dataset.classNames.joined(separator: ", "))
    }
    let images = try LabelledImages([dataset], defects: defects, split: split).real
    guard !images.items.isEmpty else {
      throw InputError(
        at: dataset.folder.path, expected: "real images in the \(split.rawValue) split", found: "none")
    }
    return images
  }

  private func show(_ figures: some Encodable, _ kind: String, _ hash: String, _ text: String) throws {
    guard json else {
      print("\(kind) \(folder), weights \(hash.prefix(12)), on the \(split.rawValue) split of \(dataset)\n\(text)")
      return
    }
    let answer = Answer(run: folder, kind: kind, model: hash, dataset: dataset, split: split, figures: figures)
    print(String(decoding: try JSONFile.encode(answer), as: UTF8.self), terminator: "")
  }
}
