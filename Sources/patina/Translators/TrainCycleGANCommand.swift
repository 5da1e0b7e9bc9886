import ArgumentParser
import Datasets
import Models
import Training

struct TrainCycleGANCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cyclegan", abstract: "CycleGAN as published (Zhu et al., ICCV 2017), or conditioned on masks.",
    discussion: """
      Defaults are the published ones: 256 pixels, batch 1, 100 epochs at 2e-4 and
      100 more down to 0. Ctrl-C saves and stops; --resume goes on and ends with the
      very same weights as a run that was never stopped.

      With --masks it learns to make defects just where a mask says, of one class or
      of several, and leaves every pixel elsewhere as it is. Then generators give what
      changes, double by interpolation and are held less by the cycle losses, and
      discriminators judge small patches: defects are small, and of few of them a
      published network learns shadows.

      Examples:
        patina train cyclegan --dataset windows --clean Free \\
            --defect Crack --size 64 --steps 3000 --run runs/crack
        patina train cyclegan --dataset tiles --clean Free --masks real \\
            --defect Crack --defect Blowhole --size 64 --steps 3000 --run runs/masked
        patina train cyclegan --a trainA --b trainB --run runs/zebra
        patina train cyclegan --run runs/zebra --resume
      """)

  @OptionGroup var folder: RunOptions
  @OptionGroup var options: TranslatorOptions

  @Option(help: "Weight of the cycle losses (default 10; with --masks, see below).") var cycle: Double?
  @Option(help: "Weight of clean → defect → clean, where it shall be another (with --masks, 0.2).")
  var cleanCycle: Double?
  @Option(help: "Weight of defect → clean → defect, where it shall be another (with --masks, 0.1).")
  var defectCycle: Double?
  @Option(help: "Multiplies the cycle weight for the identity loss (default 0.5); 0 leaves it out.") var identity:
    Double?
  @Option(help: "Images in each pool (default 50).") var pool: Int?
  @Option(
    help: """
      How generators double: by transposed convolutions as published ('transposed'), \
      or by interpolation in front of convolutions ('resize'), which draws no \
      checkerboards (default: as published; with --masks, resize).
      """)
  var upsampling: ResNetGenerator.Upsampling?
  @Flag(
    inversion: .prefixedNo,
    help: """
      Whether generators give what changes in an image, in place of the whole image: \
      they begin with it as it is (default: as published, no; with --masks, yes).
      """)
  var residual: Bool?

  @Option(
    help: """
      How often discriminators halve an image: 3 as published, which judges patches of \
      70 pixels; 2 judges patches of 34, 1 of 16 (default: 3; with --masks, 1).
      """)
  var discriminatorLayers: Int?

  @OptionGroup(title: "Few defects") var few: FewDefectOptions
  @OptionGroup(title: "Masks") var masks: MaskOptions
  @OptionGroup(title: "Figures on the way") var figures: FigureOptions

  func validate() throws {
    let own: [Any?] = [cycle, cleanCycle, defectCycle, identity, pool, upsampling, residual, discriminatorLayers]
    guard !folder.resume else {
      return try folder.refuseSettings(
        options.isUsed || masks.isUsed || few.isUsed || figures.isUsed || own.contains { $0 != nil })
    }
    try options.check(hasMasks: masks.masks != nil)
  }

  func run() throws {
    try folder.carryOut(folder.resume ? CycleGANRun.resume(folder.url) : start(), command: "train cyclegan")
  }

  private func start() throws -> CycleGANRun {
    let hasMasks = masks.masks != nil
    let source = try options.source(hasMasks: hasMasks)
    let images = try UnpairedImages(source)
    var result = CycleGANConfiguration(
      source: source, imagesHash: images.hash, transform: options.transform(images, hasMasks: hasMasks),
      threads: options.threadCount)
    options.apply(to: &result)
    if hasMasks { result.setMaskDefaults() }
    if let cycle { (result.loss.cleanCycle, result.loss.defectCycle) = (cycle, cycle) }
    if let cleanCycle { result.loss.cleanCycle = cleanCycle }
    if let defectCycle { result.loss.defectCycle = defectCycle }
    if let upsampling { result.upsampling = upsampling }
    if let residual { result.residual = residual }
    if let discriminatorLayers { result.discriminatorHalvings = discriminatorLayers }
    if let identity { result.loss.identity = identity }
    if let pool { result.poolSize = pool }
    try few.apply(to: &result)
    result.masks = try masks.settings(source)
    result.figures = try figures.settings()
    return try CycleGANRun.start(result, images: images, in: folder.url)
  }
}

extension ResNetGenerator.Upsampling: ExpressibleByArgument {}
