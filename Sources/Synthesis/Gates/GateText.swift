import Foundation

/// Numbers as gates write them.
enum GateText {
  static func number(_ value: Double) -> String { String(format: "%.3f", value) }

  /// Rounded to a millionth, so that provenance reads well.
  static func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
}
