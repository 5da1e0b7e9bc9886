import ArgumentParser

/// How long a doctor's visit may take.
struct DoctorBudget: CustomStringConvertible, Equatable {
  /// nil for as long as it takes.
  let seconds: Double?
  let description: String

  static let standard = DoctorBudget(seconds: 300, description: "5m")
  private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
  private static let most = 1000.0 * 3600

  private init(seconds: Double?, description: String) {
    self.seconds = seconds
    self.description = description
  }

  /// - Parameter text: a number and its unit, such as `90s`, `5m` or `1.5h`, or `none`.
  init(_ text: String) throws {
    if text == "none" {
      self.init(seconds: nil, description: text)
      return
    }
    let digits = text.dropLast()
    // Double's own reader also takes "inf", "0x1p4" and signs.
    guard let unit = text.last.flatMap({ Self.units[$0] }), let number = Double(digits),
      digits.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }), number > 0, number * unit <= Self.most
    else {
      throw ValidationError("give a time such as 90s, 5m or 1h, at most 1000h, or none")
    }
    self.init(seconds: number * unit, description: text)
  }
}
