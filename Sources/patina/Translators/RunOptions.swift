import ArgumentParser
import Foundation
import Logging
import Runs
import Training

/// Where a translator's run stands, and whether it is gone on with.
struct RunOptions: ParsableArguments {
  @Option(
    name: .customLong("run"), help: ArgumentHelp("Folder of the run; must be new unless --resume.", valueName: "dir"))
  var folder: String
  @Flag(help: "Go on after the last checkpoint.") var resume = false

  var url: URL { URL(fileURLWithPath: folder) }

  /// A run that goes on has all its settings.
  ///
  /// - Parameter given: whether any was given beside the run's folder.
  /// - Throws: `ValidationError` then.
  func refuseSettings(_ given: Bool) throws {
    guard given else { return }
    throw ValidationError("--resume takes every setting from the run; give --run alone")
  }

  /// Trains to the end, or until the user stops it, and says how far it is.
  ///
  /// - Parameter command: what goes on with a run of this kind, such as `train cyclegan`.
  /// - Throws: `ExitCode` when it was stopped.
  func carryOut<Trainer>(_ training: TranslatorRun<Trainer>, command: String) throws {
    Signals.install()
    let first = training.trainer.step
    let configuration = training.configuration
    let log = try Logger.run(training.folder)
    let verb = resume ? "resuming after step \(first) of" : "training for"
    log.info(
      "\(verb) \(training.totalSteps) steps, \(configuration.threads) threads, \(configuration.device), \(configuration.precision.rawValue)"
    )
    training.onFigures = { figures in log.info("\(FigureOptions.text(figures))") }
    training.onWarning = { warning in
      warning.event == .begins ? log.warning("\(warning.text)") : log.info("\(warning.text)")
    }
    let bar = ProgressBar(label: "training", total: training.totalSteps, done: first)
    let finished = try training.train(shouldStop: { Signals.isStopRequested }) { step, losses in
      bar.update(done: step, losses: losses.summary)
    }
    bar.finish()
    guard finished else {
      log.notice(
        "stopped after step \(training.trainer.step) and saved; go on with: patina \(command) --run \(folder) --resume")
      throw ExitCode(1)
    }
    if training.isExhausted { log.notice("stopped early: KID has not become better") }
    log.info("done: \(url.appendingPathComponent(RunWeights.finalName).path)")
    if let chosen = training.chosen { log.info("chosen: \(FigureOptions.text(chosen))") }
  }
}
