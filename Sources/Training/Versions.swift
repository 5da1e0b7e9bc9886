import Foundation
import Torch

/// What produced a run: recorded in it, so that it can be produced again.
public enum Versions {
  /// The version of Patina.
  public static let patina = "0.1.0"

  /// By name: the program, libtorch, the system and the instruction set that libtorch uses.
  public static var all: [String: String] {
    [
      "patina": patina,
      "libtorch": Runtime.builtVersion,
      "system": ProcessInfo.processInfo.operatingSystemVersionString,
      "cpu": Runtime.cpuCapability,
    ]
  }
}
