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
        splits: 3                   # divide the data anew, so many times
        fractions: [0.25, 0.5, 1]   # with so many of the real training defects
        synthetic: {ratio: 2}       # synthetic images for each real defect
        arms: [real, synthetic, oversampling, synthetic+oversampling, placebo]

      Arms add to the real images or treat them, or both with a + between:
        synthetic, copy-paste, placebo (images of nothing, which must not
        help), oracle (real defects that a fraction holds back: the most to be had)
        oversampling, class-weights, effective-number, augmentation
      synthetic@2 adds twice as many images as synthetic, synthetic@0.5 half as many.
      With task: segmentation, U-Nets learn from masks, and Dice decides.

      Finished trainings are kept, so a study that was stopped goes on when the same
      command is given again. Several processes, also on several machines that see
      the folder, share the work: give each the same command, or a cell of its own.

      Examples:
        patina study study.yaml --out studies/tiles && patina report studies/tiles
        patina study study.yaml --out rehearsal --preset quick
        patina study cells study.yaml --out studies/tiles
        patina study run study.yaml --out studies/tiles --cell 3f9a
        patina study collect study.yaml --out studies/tiles
        patina study export studies/tiles --to mlruns --format mlflow
      """,
    subcommands: [
      StudyRunCommand.self, StudyEstimateCommand.self, StudyCellsCommand.self, StudyCollectCommand.self,
      StudyExportCommand.self,
    ],
    defaultSubcommand: StudyRunCommand.self)
}

/// What all commands of a study are given.
struct StudyOptions: ParsableArguments {
  @Argument(help: "The study file.") var file: String
  @Option(help: ArgumentHelp("Folder of the study.", valueName: "dir")) var out: String
  @Option(
    help: """
      What holds where the file leaves a key out: quick (a rehearsal of minutes), standard (five seeds), \
      paper (three splits with three seeds, four shares of the real defects, placebo and oracle).
      """)
  var preset: StudyPreset?
  @Option(help: "Threads (default: all cores).") var threads: Int?
  @Flag(help: "Print the answer as JSON.") var json = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads needs 1 to 1024") }
  }

  /// The study with its shared parts made, and how to go on showing progress.
  ///
  /// - Throws: `ExitCode` when it was stopped.
  func prepared(saysHowLong: Bool = false) throws -> (study: PreparedStudy, progress: StudyProgressLine) {
    let study = try study()
    if saysHowLong, let estimate = try study.estimate(), estimate.seconds > 0 {
      Logger.console.info("\(text(estimate))")
    }
    Signals.install()
    let progress = StudyProgressLine()
    let prepared = try study.prepare(shouldStop: { Signals.isStopRequested }, report: progress.show)
    guard let prepared else { throw stopped(progress) }
    return (prepared, progress)
  }

  func study() throws -> Study {
    if let threads { try Runtime.setThreadCount(threads) }
    return try Study(file: URL(fileURLWithPath: file), folder: URL(fileURLWithPath: out), preset: preset)
  }

  func text(_ estimate: StudyEstimate) -> String {
    func words(_ one: StudyEstimate.Trainings, _ name: String) -> String {
      "\(one.left) \(name) of \(one.steps) steps"
        + (one.left == 0 ? "" : String(format: " (%.3g s a step)", one.secondsPerStep))
    }
    let parts = [estimate.translators.map { words($0, "translators") }, words(estimate.networks, "trainings")]
    return
      "left: \(parts.compactMap { $0 }.joined(separator: " and ")); about \(ProgressLine.text(seconds: estimate.seconds))"
  }

  func stopped(_ progress: StudyProgressLine) -> ExitCode {
    progress.finish()
    Logger.console.notice("stopped; what is finished is kept, and the same command goes on from there")
    return ExitCode(1)
  }

  /// Sums up, and says what came out.
  func answer(_ study: PreparedStudy) throws {
    let results = try study.collect(
      command: "patina " + CommandLine.arguments.dropFirst().joined(separator: " "))
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

struct StudyRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Train what is left, and sum up; or one cell alone.",
    discussion: """
      A cell is one training: an arm with a seed. Where another process trains one,
      this one takes the next, and waits at the end.

      Examples:
        patina study run study.yaml --out studies/tiles
        patina study run study.yaml --out studies/tiles --cell 3f9a
      """)

  @OptionGroup var options: StudyOptions
  @Option(help: ArgumentHelp("Train this cell alone: the beginning of its id.", valueName: "id")) var cell: String?

  func run() throws {
    let (study, progress) = try options.prepared(saysHowLong: cell == nil)
    guard try study.train(cell: cell, shouldStop: { Signals.isStopRequested }, report: progress.show) else {
      throw options.stopped(progress)
    }
    progress.finish()
    if cell == nil { try options.answer(study) }
  }
}

struct StudyEstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate", abstract: "Say how long a study will take, and train nothing but a few steps.",
    discussion: """
      Measured on this machine, with these threads, as it is now.

      Example:
        patina study estimate study.yaml --out studies/tiles --preset paper
      """)

  @OptionGroup var options: StudyOptions

  private struct Answer: Encodable {
    let translators: StudyEstimate.Trainings?
    let cells: StudyEstimate.Trainings
    let seconds: Double
  }

  func run() throws {
    guard let estimate = try options.study().estimate() else {
      Logger.console.notice("another process is at work in this folder: ask again when it trains cells")
      throw ExitCode(1)
    }
    guard options.json else { return print(options.text(estimate)) }
    let answer = Answer(
      translators: estimate.translators, cells: estimate.networks, seconds: estimate.seconds)
    print(String(decoding: try JSONFile.encode(answer), as: UTF8.self), terminator: "")
  }
}

struct StudyCellsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cells", abstract: "List the trainings of a study, after making what they share.",
    discussion: """
      One line for each: its id, the arm, the seed, and whether it is finished.

      Example, on all cores of a machine:
        patina study cells study.yaml --out tiles | cut -f1 |
          parallel -j4 patina study run study.yaml --out tiles --threads 1 --cell {}
        patina study collect study.yaml --out tiles
      """)

  @OptionGroup var options: StudyOptions
  @Flag(help: "Leave out what is finished.") var left = false

  private struct Line: Encodable {
    let id: String
    let arm: String
    let seed: Int
    let split: Int?
    let fraction: Double?
    let isFinished: Bool
  }

  func run() throws {
    let (study, progress) = try options.prepared()
    progress.finish()
    let lines = try study.cells().filter { !left || !$0.isFinished }.map {
      Line(
        id: $0.cell.id, arm: $0.cell.arm.rawValue, seed: $0.cell.seed, split: $0.cell.part.split,
        fraction: $0.cell.part.fraction, isFinished: $0.isFinished)
    }
    if options.json {
      print(String(decoding: try JSONFile.encode(lines), as: UTF8.self), terminator: "")
    } else {
      for line in lines {
        let part = StudyPart(split: line.split, fraction: line.fraction).title
        let words = [line.arm, "seed \(line.seed)"] + (part.isEmpty ? [] : [part])
        print("\(line.id.prefix(16))\t\(words.joined(separator: "\t"))\t\(line.isFinished ? "finished" : "left")")
      }
    }
  }
}

struct StudyCollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Sum up a study whose trainings are all finished.",
    discussion: """
      Example:
        patina study collect study.yaml --out tiles && patina report tiles
      """)

  @OptionGroup var options: StudyOptions

  func run() throws {
    let (study, progress) = try options.prepared()
    progress.finish()
    try options.answer(study)
  }
}

/// Turns a study's events into progress bars, one after another.
final class StudyProgressLine {
  private var bar: ProgressBar?
  private var label = ""
  private var cells = ""
  private var part = ""
  private var isWaiting = false

  func show(_ event: Study.Event) {
    switch event {
    case .part(let part, let number, let count): self.part = " (\(number) of \(count): \(part.title))"
    case .translators(.training(let defect, let step, let total)):
      update("training the translator to \(defect)\(part)", step, total)
    case .translators(.synthesizing(let defect, let done, let total)):
      update("synthesizing \(defect)\(part)", done, total)
    case .cell(let progress):
      let left = progress.secondsLeft.map { ", about \(Int(($0 / 60).rounded(.up))) min left" } ?? ""
      guard let next = progress.next else { return }
      cells = "training \(progress.done + 1) of \(progress.total): \(next.title)\(left)"
    case .step(let step, let total): update(cells, step, total)
    case .headroom(let headroom):
      finish()
      Logger.console.notice("\(headroom.text)")
    case .waiting:
      guard !isWaiting else { return }
      finish()
      Logger.console.notice("waiting for another process that works in the same folder")
    }
    isWaiting = if case .waiting = event { true } else { false }
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

extension StudyPreset: ExpressibleByArgument {}
