import ArgumentParser
import Datasets
import Training

struct TrainClassifierCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classifier", abstract: "A classifier of whole images: ResNet-18, as in studies.",
    discussion: """
      Learns from the training splits of one or several data sets, real or synthetic:
      clean images and those of --classes. Both sides of an image are brought to
      --size (--fit crop: the short side, and the middle is taken): cut windows
      first where defects are small (patina crop). The weights are those after the
      last step. At the end come figures of the validation split, and from it the
      thresholds that test uses.

      Ctrl-C saves and stops; --resume goes on and ends with the very same weights.

      Examples:
        patina train classifier --dataset windows --size 64 --run runs/real
        patina train classifier --dataset windows --dataset synthetic \\
            --classes Crack --size 64 --steps 600 --run runs/both
        patina train classifier --run runs/both --resume
        patina test runs/both --dataset windows
      """)

  @OptionGroup var folder: RunOptions
  @OptionGroup var options: SupervisedOptions
  @Option(help: "Side of the square that the network sees, in pixels (default 64).") var size: Int?
  @Option(help: "stretch: all of the image; crop: its middle, with true shapes (default stretch).")
  var fit: ImageTransform.Fit?
  @Option(help: "Steps (default 300).") var steps: Int?
  @Option(help: "Images per step (default 32).") var batch: Int?
  @Flag(help: "Every class equally often: images of rare ones are repeated.") var oversample = false
  @Flag(help: "Mirror, turn, brighten and darken at random.") var augment = false

  func validate() throws {
    let own: [Any?] = [size, fit, steps, batch, oversample ? true : nil, augment ? true : nil]
    guard !folder.resume else {
      return try folder.refuseSettings(options.isUsed || own.contains { $0 != nil })
    }
    try options.check()
  }

  func run() throws {
    let run = try folder.resume ? ClassifierRun.resume(folder.url) : start()
    try folder.carryOut(run, command: "train classifier")
    try ValidationFigures.classifier(run)
  }

  private func start() throws -> ClassifierRun {
    let sets = try options.sets()
    var result = ClassifierRunConfiguration(
      source: sets.source, size: size ?? 64, channels: sets.channels, threads: options.threadCount)
    if let fit { result.transform.fit = fit }
    if let width = options.width { result.classifier.width = width }
    if let steps { result.classifier.steps = steps }
    if let batch { result.classifier.batchSize = batch }
    if let rate = options.learningRate { result.classifier.learningRate = rate }
    if let precision = options.precision { result.classifier.precision = precision }
    if let seed = options.seed { result.seed = seed }
    result.device = options.device
    if let interval = options.checkpointEvery { result.checkpointInterval = interval }
    if oversample { result.sampling = .balanced }
    if augment { result.augmentation = .classical }
    return try ClassifierRun.start(result, on: sets, in: folder.url)
  }
}

extension ImageTransform.Fit: ExpressibleByArgument {}
