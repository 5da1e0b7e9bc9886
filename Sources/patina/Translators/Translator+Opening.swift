import Foundation
import Logging
import Synthesis

extension Translator {
  /// Opens a run, and says so where it cannot translate on the device that it was trained on.
  convenience init(named path: String) throws {
    try self.init(run: URL(fileURLWithPath: path))
    if device == .cpu, configuration.device != "cpu" {
      Logger.console.notice("\(path) was trained on \(configuration.device), which is not here: using the CPU")
    }
  }
}
