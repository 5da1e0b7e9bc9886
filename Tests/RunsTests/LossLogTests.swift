import Files
import Foundation
import Runs
import TestFolders
import Testing

struct LossLogTests {
  private let temporary: TemporaryFolder
  private var url: URL { temporary.url.appendingPathComponent("losses.csv") }

  init() throws {
    temporary = try TemporaryFolder()
  }

  private func text() throws -> String { try String(contentsOf: url, encoding: .utf8) }

  @Test func writesExactlyThisText() throws {
    let log = try LossLog(creating: url, columns: ["G_A", "D_A"])
    #expect(try text() == "step,G_A,D_A\n")
    try log.append(step: 1, values: [0.1, 1e-10])
    // On the disk at once, without any flush.
    #expect(try text() == "step,G_A,D_A\n1,0.1,1e-10\n")
    try log.append(step: 3, values: [.nan, -.infinity])
    #expect(try text() == "step,G_A,D_A\n1,0.1,1e-10\n3,nan,-inf\n")
  }

  @Test func readsBackTheSameNumbers() throws {
    let values: [Double] = [1 / 3, Double(Float(0.1)), .leastNonzeroMagnitude, -0.0, 1e300]
    let log = try LossLog(creating: url, columns: ["a", "b", "c", "d", "e"])
    try log.append(step: 10, values: values)
    let table = try LossTable(contentsOf: url)
    #expect(table.rows.map(\.step) == [10])
    #expect(table.rows[0].values.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(table[column: "b"]?.map(\.value) == [Double(Float(0.1))])
    #expect(table[column: "x"] == nil)
  }

  @Test(arguments: [
    (0, "step,G\n9,9.0\n"), (1, "step,G\n1,0.5\n9,9.0\n"), (2, "step,G\n1,0.5\n2,0.25\n9,9.0\n"),
    (8, "step,G\n1,0.5\n2,0.25\n3,0.125\n9,9.0\n"),
  ])
  func resumingDropsLaterRowsAndTheUnfinishedLine(step: Int, expected: String) throws {
    try Data("step,G\n1,0.5\n2,0.25\n3,0.125\n4,0.0".utf8).write(to: url)
    let log = try LossLog(resuming: url, columns: ["G"], after: step)
    #expect(log.lastStep == (step == 0 ? nil : min(step, 3)))
    try log.append(step: 9, values: [9])
    #expect(try text() == expected)
  }

  /// The reason for the log: a run that was cut off and resumed leaves the bytes of one that was not.
  @Test func anInterruptedRunLeavesTheSameBytes() throws {
    func values(_ step: Int) -> [Double] { [1 / Double(step), Double(step).squareRoot()] }
    let whole = url.deletingLastPathComponent().appendingPathComponent("whole.csv")
    let reference = try LossLog(creating: whole, columns: ["G", "D"])
    for step in 1...50 { try reference.append(step: step, values: values(step)) }
    do {
      let first = try LossLog(creating: url, columns: ["G", "D"])
      for step in 1...37 { try first.append(step: step, values: values(step)) }
    }
    let second = try LossLog(resuming: url, columns: ["G", "D"], after: 30)
    for step in 31...50 { try second.append(step: step, values: values(step)) }
    #expect(try Data(contentsOf: url) == Data(contentsOf: whole))
  }

  @Test func neverOverwritesALog() throws {
    let log = try LossLog(creating: url, columns: ["G"])
    try log.append(step: 1, values: [2])
    #expect(throws: InputError.self) { try LossLog(creating: url, columns: ["G"]) }
    #expect(try text() == "step,G\n1,2.0\n")
  }

  @Test func otherColumnsAreRefusedAndNothingIsLost() throws {
    try Data("step,G\n1,0.5\n".utf8).write(to: url)
    #expect { try LossLog(resuming: url, columns: ["G", "D"], after: 0) } throws: {
      ($0 as? InputError)?.place == "\(url.path):1"
    }
    #expect(try text() == "step,G\n1,0.5\n")
  }

  @Test(arguments: [
    ("", 1), ("epoch,G\n", 1), ("step\n", 1), ("step,G,G\n", 1), ("step,G\n1,2,3\n", 2), ("step,G\n1,0.5\nx,1\n", 3),
    ("step,G\n1,\n", 2), ("step,G\n1,0.5\n\n2,1\n", 3), ("step,G\n2,0.5\n2,0.5\n", 3), ("step,G\n1,a\n", 2),
  ])
  func aDamagedFileIsNamedWithItsLine(text: String, line: Int) throws {
    try Data(text.utf8).write(to: url)
    #expect { try LossTable(contentsOf: url) } throws: { ($0 as? InputError)?.place == "\(url.path):\(line)" }
  }
}
