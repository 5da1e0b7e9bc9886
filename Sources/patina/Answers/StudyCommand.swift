import ArgumentParser
import Files
import Foundation
import Logging
import Runs
import Studies
import Torch

struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study", abstract: "Train with and without synthetic images, and say what they are worth.",
    discussion: """
      The study file is YAML:
        name: tiles
        dataset: windows            # made by import, crop and split
        clean: Free
        defects: [Crack]
        synthetic: {ratio: 2}       # synthetic images for each real defect
        arms: [real, synthetic, oversampling, synthetic+oversampling, placebo]

      Arms add to the real images or treat them, or both with a + between:
        synthetic, copy-paste, placebo (images of nothing, which must not help)
        oversampling, class-weights, effective-number, augmentation

      Finished trainings are kept, so a study that was stopped goes on when the same
      command is given again.

      Example:
        patina study study.yaml --out studies/tiles && patina report studies/tiles
      """)

  @Argument(help: "The study file.") var file: String
  @Option(help: ArgumentHelp("Folder of the study.", valueName: "dir")) var out: String
  @Option(help: "Threads (default: all cores).") var threads: Int?
  @Flag(help: "Print the results as JSON.") var json = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads needs 1 to 1024") }
  }

  func run() throws {
    if let threads { try Runtime.setThreadCount(threads) }
    let study = try Study(file: URL(fileURLWithPath: file), folder: URL(fileURLWithPath: out))
    Signals.install()
    let progress = StudyProgressLine()
    let results = try study.run(
      command: "patina " + CommandLine.arguments.dropFirst().joined(separator: " "),
      shouldStop: { Signals.isStopRequested }, report: progress.show)
    progress.finish()
    guard let results else {
      Logger.console.notice("stopped; what is finished is kept, and the same command goes on from there")
      throw ExitCode(1)
    }
    if json {
      print(String(decoding: try JSONFile.encode(results), as: UTF8.self), terminator: "")
    } else {
      print(results.verdict.headline)
      for sentence in results.verdict.explanation { print("  \(sentence)") }
      for warning in results.warnings { print("  warning: \(warning)") }
      print("results: \(URL(fileURLWithPath: out).appendingPathComponent(StudyResults.fileName).path)")
    }
  }
}

/// Turns a study's events into progress bars, one after another.
private final class StudyProgressLine {
  private var bar: ProgressBar?
  private var label = ""
  private var cells = ""

  func show(_ event: Study.Event) {
    switch event {
    case .translators(.training(let defect, let step, let total)):
      update("training the translator to \(defect)", step, total)
    case .translators(.synthesizing(let defect, let done, let total)):
      update("synthesizing \(defect)", done, total)
    case .cell(let progress):
      let left = progress.secondsLeft.map { ", about \(Int(($0 / 60).rounded(.up))) min left" } ?? ""
      guard let next = progress.next else { return }
      cells = "training \(progress.done + 1) of \(progress.total): \(next.arm.rawValue), seed \(next.seed)\(left)"
    case .step(let step, let total): update(cells, step, total)
    }
  }

  func finish() {
    bar?.finish()
    bar = nil
  }

  private func update(_ label: String, _ done: Int, _ total: Int) {
    if label != self.label || bar == nil {
      bar?.finish()
      // The rate counts from here, one step after the real beginning at most.
      bar = ProgressBar(label: label, total: total, done: done)
      self.label = label
      return
    }
    bar?.update(done: done)
  }
}
