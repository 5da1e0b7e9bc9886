import ArgumentParser
import Foundation
import Models
import Training

/// What helps where there are only some dozens of defects.
struct FewDefectOptions: ParsableArguments {
  @Flag(help: "Show the discriminators everything in other colours, moved and with holes (DiffAugment).")
  var diffaugment = false
  @Option(help: "Keep moving averages of the generators' weights with this decay, such as 0.999.") var average: Double?
  @Option(
    name: .customLong("from"),
    help: ArgumentHelp("Begin with the weights of another run with the same networks.", valueName: "run"))
  var start: String?

  var isUsed: Bool { diffaugment || average != nil || start != nil }

  func apply(to configuration: inout CycleGANConfiguration) throws {
    if diffaugment { configuration.augmentation = DiffAugment() }
    configuration.average = average
    configuration.start = try start.map { try StartingWeights(of: URL(fileURLWithPath: $0)) }
  }
}
