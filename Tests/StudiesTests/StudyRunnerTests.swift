import Files
import Foundation
import Runs
import Studies
import TestFolders
import Testing

struct StudyRunnerTests {
  private let study = SimulatedStudy(separation: [.real: 1, .synthetic: 2], seeds: 3, testGroups: 5)
  private let folder: TemporaryFolder
  private let runner: StudyRunner

  init() throws {
    folder = try TemporaryFolder()
    runner = StudyRunner(plan: try study.plan(), folder: folder.url)
  }

  struct Killed: Error {}

  @Test func aKilledStudyGoesOnWhereItStopped() throws {
    var trained: [StudyCell] = []
    #expect(throws: Killed.self) {
      try runner.run { cell in
        guard trained.count < 4 else { throw Killed() }
        trained.append(cell)
        return study.record(cell)
      }
    }
    let before = Set(trained.map(\.id))
    var after: [StudyCell] = []
    let records = try runner.run { cell in
      after.append(cell)
      return study.record(cell)
    }
    #expect(after.count == 2)
    #expect(before.isDisjoint(with: after.map(\.id)))
    #expect(records == (try study.records()))
    #expect(try StudyPlan.read(from: folder.url) == runner.plan)
    #expect(try runner.run { _ in throw Killed() } == records)
  }

  /// What another process trains is left to it; when that ends without a record, the cell is free again.
  @Test func cellsOfOthersAreWaitedFor() throws {
    let cells = try runner.plan.cells()
    try FileManager.default.createDirectory(at: folder["claims"], withIntermediateDirectories: true)
    var claims = try cells.prefix(2).map { try FileLock(at: folder["claims/\($0.id)"]) }
    #expect(claims.allSatisfy { $0 != nil })
    var trained: [String] = []
    var waits = 0
    let records = try runner.run(
      wait: {
        waits += 1
        switch waits {
        case 2: try JSONFile.write(study.record(cells[0]), to: runner.url(of: cells[0]))
        case 3: claims[0] = nil
        case 4: claims[1] = nil
        default: break
        }
      },
      train: { cell in
        trained.append(cell.id)
        return study.record(cell)
      })
    #expect(waits == 4)
    #expect(trained == cells.dropFirst(2).map(\.id) + [cells[1].id])
    #expect(records == (try study.records()))
    let one = try runner.run(only: [cells[3].id]) { _ in throw Killed() }
    #expect(one.map(\.id) == [cells[3].id])
  }

  @Test func progressCountsDownTheTimeLeft() throws {
    var seen: [StudyProgress] = []
    _ = try runner.run(progress: { seen.append($0) }) { cell in
      var record = study.record(cell)
      record.seconds = cell.arm == .synthetic ? 30 : 10
      return record
    }
    #expect(seen.map(\.done) == Array(0...6))
    #expect(seen.allSatisfy { $0.total == 6 })
    #expect(seen.map(\.secondsLeft) == [nil, 50, 80, 70, 40, 30, 0])
    #expect(seen.last?.next == nil && seen.first?.next?.arm == .real)
  }

  @Test func anUnreadableCellStopsItBeforeAnyTraining() throws {
    let cell = try #require(runner.plan.cells().last)
    let file = runner.url(of: cell)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("{".utf8).write(to: file)
    let error = try #require(throws: InputError.self) { try runner.run { _ in throw Killed() } }
    #expect(error.place.contains(cell.id) && error.remedy.contains("Remove this file"))
  }

  @Test(arguments: ["id", "arm", "seed", "classes", "steps"])
  func aForeignCellIsRefused(fault: String) throws {
    let cell = try #require(runner.plan.cells().first)
    var record = study.record(cell)
    switch fault {
    case "id": record.id = String(repeating: "0", count: 64)
    case "arm": record.arm = "augmentation"
    case "seed": record.seed = 99
    case "classes": record.classes = ["free", "crack"]
    default: record.steps = 7
    }
    let file = runner.url(of: cell)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try JSONFile.write(record, to: file)
    let found = try #require(throws: InputError.self) { try runner.finished(cell) }
    #expect(found.place.hasSuffix(": \(fault)"))
    try FileManager.default.removeItem(at: file)
    // The same from whoever trains: nothing wrong is ever written.
    #expect(throws: InputError.self) { try runner.run { _ in record } }
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }
}
