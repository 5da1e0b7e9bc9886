import Files
import Foundation
import Images
import Synchronization
import Testing

@testable import Datasets

struct ImportAgainTests {
  let scene: ImportScene

  init() throws {
    scene = try ImportScene()
    for key in 0..<3 { try scene.write(picture(key), "a/\(key).png") }
    try scene.write(Data(), "a/bad.png")
  }

  private func run(_ importer: some Importer = FoldersImporter(), replacing: Bool = false) throws -> ImportSummary {
    try ImportRun(from: scene.source, to: scene.destination, isReplacing: replacing).run(importer)
  }

  @Test func nothingIsDoneTwice() throws {
    let first = try run()
    #expect(!first.isUpToDate)
    let time = try FileManager.default.attributesOfItem(atPath: scene.temporary["set/annotations.json"].path)[.modificationDate]
    var second = try run()
    #expect(second.isUpToDate && second.images == 3 && second.problems.map(\.path) == ["a/bad.png"])
    #expect(try FileManager.default.attributesOfItem(atPath: scene.temporary["set/annotations.json"].path)[.modificationDate] as? Date == time as? Date)
    second.isUpToDate = false
    #expect(second == first)
    // A split is part of the data set, and stays.
    _ = try Splitter(seed: 1).split(try scene.set())
    #expect(try run().isUpToDate)
    #expect(try scene.set().isSplit)
    #expect(try !run(replacing: true).isUpToDate)
    #expect(try !scene.set().isSplit)
  }

  @Test func whateverChangedIsSeen() throws {
    _ = try run()
    #expect { try run(FoldersImporter(clean: "a")) } throws: { "\($0)".contains("does not exist yet") }
    try scene.write(picture(7), "a/7.png")
    #expect(throws: InputError.self) { try run() }
    #expect(try run(replacing: true).images == 4)
    try FileManager.default.removeItem(at: scene.temporary["set/images/a/7.png"])
    #expect(throws: InputError.self) { try run() }
    #expect(try run(replacing: true).images == 4)
    #expect { try ImportRun(from: scene.source, to: scene.destination, isStrict: true).run(FoldersImporter()) } throws: { _ in true }
  }

  @Test func progressComesToItsEnd() throws {
    for key in 0..<150 { try scene.write(picture(key), "b/\(key).png") }
    var run = ImportRun(from: scene.source, to: scene.destination)
    let steps = Mutex<[Int]>([])
    run.progress = { done, total in steps.withLock { $0.append(done * 1000 + total) } }
    _ = try run.run(FoldersImporter())
    #expect(steps.withLock { $0 } == [64_154, 128_154, 154_154])
  }
}
