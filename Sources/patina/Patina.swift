import ArgumentParser
import Files
import Foundation
import Logging
import Torch

/// The command line. Exit codes: 0 done, 1 failed, 2 wrong usage or bad input.
@main
struct Patina: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patina",
    abstract: "Labelled synthetic images of defects, and evidence of what they are worth.",
    discussion: """
      From pictures to an answer:
        patina import mtd ~/MTD --to tiles
        patina crop tiles --to windows
        patina split windows
        patina train cyclegan --dataset windows --clean Free \\
            --defect Crack --size 64 --steps 3000 --run crack
        patina synthesize crack windows --to synthetic --count 200
        patina paste windows --to pasted --count 200 --class Crack
        patina evaluate windows synthetic --features FILE --class Crack
        patina study study.yaml --out study
        patina report study
        patina doctor study

      Exit codes: 0 done, 1 failed, 2 wrong usage or bad input.
      """,
    version: "patina \(programVersion)",
    subcommands: [
      InfoCommand.self, ModelsCommand.self, ImportCommand.self, ExportCommand.self, CropCommand.self, SplitCommand.self,
      SubsetCommand.self, InspectCommand.self, TrainCommand.self, TestCommand.self, SynthesizeCommand.self,
      TranslateCommand.self, PasteCommand.self, EvaluateCommand.self, StudyCommand.self, ReportCommand.self,
      DoctorCommand.self,
    ])

  static func main() {
    Runtime.keepFreedMemory()
    do {
      var command = try parseAsRoot()
      // Another libtorch than the one built against ends in crashes or, worse, in wrong results.
      if !(command is InfoCommand), let mismatch = Runtime.versionMismatch() {
        Logger.console.error("\(mismatch)")
        Foundation.exit(1)
      }
      try command.run()
    } catch {
      exit(with: error)
    }
  }

  /// Ends the process with one line of explanation and the code that belongs to the error.
  private static func exit(with error: any Error) -> Never {
    switch error {
    case let error as InputError:
      Logger.console.error("\(error)")
      Foundation.exit(2)
    case let error as TorchError:
      Logger.console.error("\(error)")
      Foundation.exit(1)
    case let code as ExitCode:
      Foundation.exit(code.rawValue)
    default:
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code.isSuccess {
        print(message)  // --help and --version
        Foundation.exit(0)
      }
      FileHandle.standardError.write(Data((message + "\n").utf8))
      Foundation.exit(code == .validationFailure ? 2 : 1)
    }
  }
}
