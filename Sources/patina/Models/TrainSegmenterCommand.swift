import ArgumentParser
import Models
import Training

struct TrainSegmenterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segmenter", abstract: "A segmenter, which says where defects are: U-Net.",
    discussion: """
      Learns from the training splits of one or several data sets with masks, real or
      synthetic. It sees windows of --size pixels at native scale. Half of each batch
      (--defect-share) are windows on defects, classes in even turns; the others lie
      anywhere in any image. All are mirrored and turned at random. The loss is
      cross-entropy plus soft Dice. The weights are those after the last step; at the
      end come figures of the validation split, on whole images.

      Ctrl-C saves and stops; --resume goes on and ends with the very same weights.

      Examples:
        patina train segmenter --dataset tiles --size 64 --run runs/real
        patina train segmenter --dataset tiles --dataset pasted \\
            --classes Crack,Blowhole --size 96 --steps 2000 --run runs/both
        patina train segmenter --run runs/both --resume
        patina test runs/both --dataset tiles --predictions pictures
      """)

  @OptionGroup var folder: RunOptions
  @OptionGroup var options: SupervisedOptions
  @Option(help: "Side of a window, in pixels at native scale (default 64).") var size: Int?
  @Option(help: "Steps (default 1000).") var steps: Int?
  @Option(help: "Windows per step (default 16).") var batch: Int?
  @Option(help: "Share of the windows that show a defect for sure (default 0.5).") var defectShare: Double?
  @Option(help: "Halvings of the sides (default 4).") var depth: Int?
  @Option(help: "bilinear, or transposed as published (default bilinear).") var upsampling: UNet.Upsampling?

  func validate() throws {
    let own: [Any?] = [size, steps, batch, defectShare, depth, upsampling]
    guard !folder.resume else {
      return try folder.refuseSettings(options.isUsed || own.contains { $0 != nil })
    }
    try options.check()
  }

  func run() throws {
    let run = try folder.resume ? SegmenterRun.resume(folder.url) : start()
    try folder.carryOut(run, command: "train segmenter")
    try ValidationFigures.segmenter(run)
  }

  private func start() throws -> SegmenterRun {
    let sets = try options.sets()
    var result = SegmenterRunConfiguration(
      source: sets.source, size: size ?? 64, channels: sets.channels, threads: options.threadCount)
    if let width = options.width { result.segmenter.width = width }
    if let steps { result.segmenter.steps = steps }
    if let batch { result.segmenter.batchSize = batch }
    if let rate = options.learningRate { result.segmenter.learningRate = rate }
    if let precision = options.precision { result.segmenter.precision = precision }
    if let depth { result.segmenter.depth = depth }
    if let upsampling { result.segmenter.upsampling = upsampling }
    if let seed = options.seed { result.seed = seed }
    result.device = options.device
    if let interval = options.checkpointEvery { result.checkpointInterval = interval }
    if let defectShare { result.defectShare = defectShare }
    return try SegmenterRun.start(result, on: sets, in: folder.url)
  }
}

extension UNet.Upsampling: ExpressibleByArgument {}
