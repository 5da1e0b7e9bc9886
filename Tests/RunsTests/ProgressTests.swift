import Foundation
import Testing

@testable import Runs

struct ProgressTests {
  @Test(arguments: [
    (0.0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (754, "12:34"), (3723, "1:02:03"), (176_400, "49:00:00"),
    (.infinity, "?"), (-1, "?"),
  ])
  func writesTime(seconds: Double, expected: String) {
    #expect(ProgressLine.text(seconds: seconds) == expected)
  }

  @Test(arguments: [(3.2, "3.2/s"), (1, "1/s"), (0.4, "2.5 s each"), (123.456, "123/s")])
  func writesRates(rate: Double, expected: String) {
    #expect(ProgressLine.text(rate: rate) == expected)
  }

  @Test func writesTheWholeLine() {
    let line = ProgressLine(
      label: "train", done: 1200, total: 4000, elapsed: 375, rate: 3.2, losses: [("G_A", 0.41234), ("D_A", .nan)])
    #expect(
      line.text() == "train 1200/4000 30% [###-------] 3.2/s, 6:15, 14:35 left, G_A 0.4123, D_A nan")
    #expect(line.text(width: 30) == "train 1200/4000 30% [###------")
    #expect(line.text(barWidth: 0).hasPrefix("train 1200/4000 30% 3.2/s, "))
  }

  @Test(arguments: [(0, 0, "x 0/0 0% 0:01"), (5, 4, "x 5/4 100% 0:01"), (999, 1000, "x 999/1000 99% 0:01")])
  func edges(done: Int, total: Int, expected: String) {
    #expect(ProgressLine(label: "x", done: done, total: total, elapsed: 1).text(barWidth: 0) == expected)
  }

  @Test func timeLeftNeedsARate() {
    #expect(ProgressLine(label: "x", done: 1, total: 9, elapsed: 1).left == nil)
    #expect(ProgressLine(label: "x", done: 1, total: 9, elapsed: 1, rate: 0).left == nil)
    #expect(ProgressLine(label: "x", done: 1, total: 9, elapsed: 1, rate: 4).left == 2)
    #expect(ProgressLine(label: "x", done: 10, total: 9, elapsed: 1, rate: 4).left == 0)
  }

  /// A bar with a clock and an output that the test holds.
  private final class Stage {
    var time = 100.0
    var written: [String] = []
    var width: Int?

    func bar(total: Int, done: Int = 0) -> ProgressBar {
      ProgressBar(
        label: "train", total: total, done: done,
        output: .init(terminalWidth: { self.width }, write: { self.written.append($0) }), now: { self.time })
    }
  }

  @Test func aFileGetsALineEveryHalfMinuteAndOneAtTheEnd() {
    let stage = Stage()
    let bar = stage.bar(total: 200)
    for step in 1...100 {
      stage.time += 1
      bar.update(done: step, losses: [("G", Double(step))])
    }
    bar.finish()
    #expect(
      stage.written == [
        "train 1/200 0% 1/s, 0:01, 3:19 left, G 1\n", "train 31/200 15% 1/s, 0:31, 2:49 left, G 31\n",
        "train 61/200 30% 1/s, 1:01, 2:19 left, G 61\n", "train 91/200 45% 1/s, 1:31, 1:49 left, G 91\n",
        "train 100/200 50% 1/s, 1:40, 1:40 left, G 100\n",
      ])
  }

  @Test func aTerminalGetsOneLineThatIsRewritten() {
    let stage = Stage()
    stage.width = 31
    let bar = stage.bar(total: 4)
    stage.time += 2
    bar.update(done: 1)
    stage.time += 0.05
    bar.update(done: 2)  // too soon to show
    stage.time += 2
    bar.update(done: 3)
    bar.print("saved")
    bar.finish()
    #expect(stage.written.count == 7)
    #expect(stage.written.first == "\rtrain 1/4 25% [##--------] 2 s\u{1B}[K")
    #expect(stage.written[1].hasPrefix("\rtrain 3/4 75% "))
    #expect(stage.written[2...3] == ["\r\u{1B}[K", "saved\n"])
    #expect(stage.written[4] == stage.written[1])
    let screen = stage.written.joined()
    #expect(screen.filter { $0 == "\n" }.count == 2)
    #expect(screen.hasSuffix("\n"))
    for line in screen.split(whereSeparator: { $0 == "\r" || $0 == "\n" }) {
      #expect(line.replacingOccurrences(of: "\u{1B}[K", with: "").count <= 30)
    }
  }

  /// After a resume the steps done before count for the share, but not for the rate.
  @Test func aResumedRunMeasuresOnlyItsOwnSteps() {
    let stage = Stage()
    let bar = stage.bar(total: 2000, done: 1000)
    stage.time += 10
    bar.update(done: 1020)
    #expect(stage.written == ["train 1020/2000 51% 2/s, 0:10, 8:10 left\n"])
  }

  /// A machine that becomes slower shows it within the window, not only in the mean since the start.
  @Test func theRateFollowsTheLastMinute() {
    let stage = Stage()
    let bar = stage.bar(total: 100_000)
    var done = 0
    for _ in 0..<600 {
      stage.time += 1
      done += 10
      bar.update(done: done)
    }
    for _ in 0..<120 {
      stage.time += 1
      done += 2
      bar.update(done: done)
    }
    bar.finish()
    #expect(stage.written.last?.contains(" 2/s, 12:00, ") == true)
  }
}
