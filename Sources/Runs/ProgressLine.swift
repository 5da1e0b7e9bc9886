import Foundation

/// How far something is and how fast it goes, and the line that says so. Writes nothing itself.
public struct ProgressLine: Equatable, Sendable {
  /// What goes on, such as `train`.
  public var label: String
  public var done: Int
  public var total: Int
  /// Seconds since this process began with it.
  public var elapsed: Double
  /// Steps per second; nil before it is known.
  public var rate: Double?
  /// The latest losses, in the order to show.
  public var losses: [(name: String, value: Double)]

  public init(
    label: String, done: Int, total: Int, elapsed: Double, rate: Double? = nil,
    losses: [(name: String, value: Double)] = []
  ) {
    self.label = label
    self.done = done
    self.total = total
    self.elapsed = elapsed
    self.rate = rate
    self.losses = losses
  }

  public static func == (left: ProgressLine, right: ProgressLine) -> Bool {
    left.label == right.label && left.done == right.done && left.total == right.total
      && left.elapsed == right.elapsed && left.rate == right.rate
      && left.losses.elementsEqual(right.losses) { $0.name == $1.name && $0.value == $1.value }
  }

  /// Seconds to go at the present rate; nil where that is not known.
  public var left: Double? {
    guard let rate, rate > 0, rate.isFinite else { return nil }
    return Double(max(0, total - done)) / rate
  }

  /// One line of at most `width` characters: `train 1200/4000 30% [###-------] 3.2/s, 6:15, 14:35 left, G_A 0.412`.
  ///
  /// Losses that do not fit are cut off; `barWidth` 0 leaves the bar out.
  public func text(width: Int = .max, barWidth: Int = 10) -> String {
    let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0
    var text = "\(label) \(done)/\(total) \(Int(share * 100))%"
    if barWidth > 0 {
      let filled = Int(share * Double(barWidth))
      text += " [" + String(repeating: "#", count: filled) + String(repeating: "-", count: barWidth - filled) + "]"
    }
    var parts: [String] = []
    if let rate, rate > 0 { parts.append(Self.text(rate: rate)) }
    parts.append(Self.text(seconds: elapsed))
    if let left { parts.append("\(Self.text(seconds: left)) left") }
    for loss in losses { parts.append("\(loss.name) \(Self.text(value: loss.value))") }
    return String((text + " " + parts.joined(separator: ", ")).prefix(max(0, width)))
  }

  /// `3.2/s`, or for slow steps `2.5 s each`.
  static func text(rate: Double) -> String {
    rate >= 1 ? "\(text(value: rate, digits: 3))/s" : "\(text(value: 1 / rate, digits: 3)) s each"
  }

  /// `0:07`, `12:34`, `1:02:03`; hours go on past 24.
  public static func text(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }

  static func text(value: Double, digits: Int = 4) -> String { String(format: "%.\(digits)g", value) }
}
