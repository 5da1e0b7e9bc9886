import ArgumentParser
import Models
import Training

struct TrainCUTCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cut",
    abstract: "CUT and FastCUT as published (Park et al., ECCV 2020), or conditioned on masks.",
    discussion: """
      One generator in place of two, and no cycle: patches of the output are
      compared with the patches of the input that they were made of. Defaults are
      the published ones: 256 pixels, batch 1, 200 epochs at 2e-4 and 200 more down
      to 0; with --fast 150 and 50. Ctrl-C saves and stops; --resume goes on exactly.

      Examples:
        patina train cut --dataset windows --clean Free --defect Crack \\
            --size 64 --steps 3000 --run runs/cut
        patina train cut --dataset tiles --clean Free --masks real \\
            --defect Crack --defect Blowhole --size 64 --steps 3000 --run runs/masked
        patina train cut --fast --a trainA --b trainB --run runs/zebra
        patina train cut --run runs/zebra --resume
      """)

  @OptionGroup var folder: RunOptions
  @OptionGroup var options: TranslatorOptions

  @Flag(help: "FastCUT: a stronger contrast, no identity loss, half of the batches mirrored.") var fast = false
  @Option(help: "Weight of the contrast (default 1; with --fast 10).") var contrast: Double?
  @Option(help: "Places compared in each layer of each image (default 256).") var patches: Int?

  @OptionGroup(title: "Masks") var masks: MaskOptions
  @OptionGroup(title: "Figures on the way") var figures: FigureOptions

  func validate() throws {
    guard !folder.resume else {
      return try folder.refuseSettings(
        options.isUsed || masks.isUsed || figures.isUsed || fast || contrast != nil || patches != nil)
    }
    try options.check(hasMasks: masks.masks != nil)
  }

  func run() throws {
    try folder.carryOut(folder.resume ? CUTRun.resume(folder.url) : start(), command: "train cut")
  }

  private func start() throws -> CUTRun {
    let hasMasks = masks.masks != nil
    let source = try options.source(hasMasks: hasMasks)
    let images = try UnpairedImages(source)
    var result = CUTConfiguration(
      source: source, imagesHash: images.hash, transform: options.transform(images, hasMasks: hasMasks),
      threads: options.threadCount, recipe: fast ? .fastCUT : .cut)
    options.apply(to: &result)
    if let contrast { result.loss.contrast = contrast }
    if let patches { result.loss.patches = patches }
    result.masks = try masks.settings(source)
    result.figures = try figures.settings()
    return try CUTRun.start(result, images: images, in: folder.url)
  }
}
