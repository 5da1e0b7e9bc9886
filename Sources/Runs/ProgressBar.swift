import Foundation

/// Shows progress on standard error: one line rewritten in place on a terminal, else a line every half minute.
public final class ProgressBar {
  /// Where the text goes and how.
  public struct Output {
    /// Columns of the terminal; nil when it is none, and lines are then written one after another.
    public var terminalWidth: () -> Int?
    public var write: (String) -> Void

    public init(terminalWidth: @escaping () -> Int?, write: @escaping (String) -> Void) {
      self.terminalWidth = terminalWidth
      self.write = write
    }

    /// Standard error, whatever it is connected to.
    public static var standardError: Output {
      Output(
        terminalWidth: {
          guard isatty(STDERR_FILENO) == 1 else { return nil }
          var size = winsize()
          guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
          return Int(size.ws_col)
        },
        // A closed pipe must not end the training.
        write: { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) })
    }
  }

  private let output: Output
  private let now: () -> Double
  private let start: Double
  private var progress: ProgressLine
  /// Recent moments and their steps, from which the rate comes; the oldest is at most `window` seconds old.
  private var recent: [(time: Double, done: Int)]
  private var lastShown = -Double.infinity
  private var isLineOpen = false

  /// The rate is that of this many last seconds, so it follows a machine that becomes busy.
  private static let window = 60.0
  private static let terminalInterval = 0.1
  private static let lineInterval = 30.0

  /// `done` is where a resumed run begins; `now` gives seconds of a clock that never goes back.
  public init(
    label: String, total: Int, done: Int = 0, output: Output = .standardError,
    now: @escaping () -> Double = { ProcessInfo.processInfo.systemUptime }
  ) {
    self.output = output
    self.now = now
    start = now()
    progress = ProgressLine(label: label, done: done, total: total, elapsed: 0)
    recent = [(start, done)]
  }

  /// Says that `done` steps are done. Cheap: it writes ten times a second at most.
  public func update(done: Int, losses: [(name: String, value: Double)] = []) {
    let time = now()
    progress.done = done
    if !losses.isEmpty { progress.losses = losses }
    let width = output.terminalWidth()
    guard time - lastShown >= (width == nil ? Self.lineInterval : Self.terminalInterval) else { return }
    measure(at: time)
    show(width: width)
    lastShown = time
  }

  /// Writes a line of its own above the bar.
  public func print(_ line: String) {
    if isLineOpen { output.write("\r\u{1B}[K") }
    output.write(line + "\n")
    if isLineOpen { show(width: output.terminalWidth()) }
  }

  /// Shows the last state and ends the line.
  public func finish() {
    let time = now()
    measure(at: time)
    show(width: output.terminalWidth())
    if isLineOpen { output.write("\n") }
    isLineOpen = false
  }

  private func measure(at time: Double) {
    progress.elapsed = time - start
    recent.append((time, progress.done))
    // One moment before the window stays, so that the rate covers all of it.
    while recent.count > 2, recent[1].time <= time - Self.window { recent.removeFirst() }
    let first = recent[0]
    // Of less than a twentieth of a second nothing can be said.
    progress.rate = time > first.time + 0.05 ? Double(progress.done - first.done) / (time - first.time) : nil
  }

  private func show(width: Int?) {
    guard let width else {
      output.write(progress.text(barWidth: 0) + "\n")
      return
    }
    // The last column stays free: a full line would wrap on some terminals.
    output.write("\r" + progress.text(width: width - 1) + "\u{1B}[K")
    isLineOpen = true
  }
}
