import ArgumentParser
import Foundation
import Logging
import Studies

struct StudyExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a study's trainings for MLflow or TensorBoard.",
    discussion: """
      Each finished training is a run: its arm, seed, split and fraction, its loss over
      the steps, its figures on the test images. The study's own answer is worked out
      over all of them together (patina study collect).

      Examples:
        patina study export studies/tiles --to mlruns --format mlflow
        MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri mlruns
        patina study export studies/tiles --to logs --format tensorboard
        tensorboard --logdir logs
      """)

  @Argument(help: "Folder of the study.") var study: String
  @Option(help: ArgumentHelp("A new folder.", valueName: "dir")) var to: String
  @Option(help: "mlflow or tensorboard.") var format: StudyExport.Format

  func run() throws {
    let export = try StudyExport(study: URL(fileURLWithPath: study))
    try export.write(format, to: URL(fileURLWithPath: to))
    Logger.console.notice("\(export.count) trainings → \(to)")
  }
}

extension StudyExport.Format: ExpressibleByArgument {}
