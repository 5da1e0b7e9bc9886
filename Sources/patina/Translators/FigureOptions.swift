import ArgumentParser
import Foundation
import Training

/// What is measured while a translator learns.
struct FigureOptions: ParsableArguments {
  @Option(
    help: """
      The features' network, a file or a trained classifier's run: then FID and KID to a held-out part of the training \
      split are measured on the way, and the checkpoint with the lowest KID is chosen.
      """)
  var features: String?
  @Option(help: "Steps between measurements (default 500).") var figuresEvery: Int?
  @Option(help: "Share of the training images held out for them (default 0.25).") var heldOut: Double?
  @Option(help: "Images compared on either side (default 128).") var figureImages: Int?
  @Option(help: "Stop after so many steps in which KID has not become better.") var patience: Int?

  var isUsed: Bool { features != nil || others }
  private var others: Bool { figuresEvery != nil || heldOut != nil || figureImages != nil || patience != nil }

  func validate() throws {
    guard features != nil || !others else {
      throw ValidationError("--figures-every, --held-out, --figure-images and --patience need --features")
    }
  }

  func settings() throws -> FigureSettings? {
    guard let features else { return nil }
    let url = URL(fileURLWithPath: features)
    var result = FigureSettings(features: url.path, featuresHash: try FeatureNetwork.hash(of: url))
    if let figuresEvery { result.interval = figuresEvery }
    if let heldOut { result.heldOut = heldOut }
    if let figureImages { result.images = figureImages }
    result.patience = patience
    return result
  }

  static func text(_ figures: TrainingFigures) -> String {
    func number(_ value: Double) -> String { String(format: "%.2f", value) }
    let kid = [figures.kernel, figures.kernelLow, figures.kernelHigh].map { number(1000 * $0) }
    return "step \(figures.step): KID × 1000 \(kid[0]) (95 % \(kid[1]) to \(kid[2])), FID \(number(figures.frechet)), "
      + "precision \(number(figures.precision)), recall \(number(figures.recall)), "
      + "density \(number(figures.density)), coverage \(number(figures.coverage))"
  }
}
