import ArgumentParser
import Datasets
import Files
import Foundation

/// `patina crop DATASET --to DATASET`
struct CropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crop",
    abstract: "Cut windows around defects and out of clean images, at native scale.",
    discussion: """
      Groups, splits, classes and masks come along; provenance.json says where each window was cut. Images smaller than
      the window, and labelled images without a mask, give none.

      Example:
        patina crop tiles --to windows --window 96 --per-defect 2 --clean-per-image 3
      """)

  @Argument(help: "The folder of the data set.", completion: .directory)
  var dataset: String

  @Option(name: .customLong("to"), help: "The folder of the new data set.", completion: .directory)
  var destination: String

  @Option(help: "Side of the square window in pixels.")
  var window = 96

  @Option(help: "Most windows for each defect.")
  var perDefect = 1

  @Option(help: "Windows for each clean image.")
  var cleanPerImage = 1

  @Option(help: "Pass over defects of fewer pixels.")
  var minimumArea = 4

  @Option(help: "The seed of all places that are drawn.")
  var seed: UInt64 = 0

  @Flag(help: "Replace the data set that stands there.")
  var replace = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func run() throws {
    let cropper = try Cropper(
      window: window, perDefect: perDefect, cleanPerImage: cleanPerImage, minimumArea: minimumArea, seed: seed)
    let set = try Dataset(at: URL(fileURLWithPath: dataset))
    let summary = try cropper.crop(set, to: URL(fileURLWithPath: destination), replacing: replace)
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
      return
    }
    print("\(summary.windows) windows of \(window) pixels → \(destination)")
    for name in set.classNames { print("  \(name): \(summary.classes[name] ?? 0)") }
    note(summary.tooSmall, "images are smaller than the window")
    note(summary.withoutMask, "images have a label but no mask")
    if summary.specks > 0 { print("Note: \(summary.specks) defects have fewer than \(minimumArea) pixels") }
    if summary.tooClose > 0 {
      print("Note: \(summary.tooClose) windows were not made, for they would nearly repeat others")
    }
  }

  private func note(_ names: [String], _ text: String) {
    guard !names.isEmpty else { return }
    let more = names.count > 5 ? ", …" : ""
    print("Note: \(names.count) \(text): \(names.prefix(5).joined(separator: ", "))\(more)")
  }
}
