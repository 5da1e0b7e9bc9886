import ArgumentParser
import Foundation
import Logging
import Runs
import Training

extension RunOptions {
  /// Trains to the end, or until the user stops it, and says how far it is.
  ///
  /// - Parameter command: what goes on with a run of this kind, such as `train segmenter`.
  /// - Throws: `ExitCode` when it was stopped.
  func carryOut<Trainer>(_ run: SupervisedRun<Trainer>, command: String) throws {
    Signals.install()
    let log = try Logger.run(run.folder)
    let first = run.trainer.step
    let verb = resume ? "resuming after step \(first) of" : "training for"
    log.info(
      "\(verb) \(run.totalSteps) steps, \(run.configuration.threads) threads, \(run.configuration.device ?? "cpu")")
    let bar = ProgressBar(label: "training", total: run.totalSteps, done: first)
    let finished = try run.train(shouldStop: { Signals.isStopRequested }) { step, loss in
      bar.update(done: step, losses: [("loss", loss)])
    }
    bar.finish()
    guard finished else {
      log.notice(
        "stopped after step \(run.trainer.step) and saved; go on with: patina \(command) --run \(folder) --resume")
      throw ExitCode(1)
    }
    log.info("done: \(url.appendingPathComponent(RunWeights.finalName).path)")
  }
}
