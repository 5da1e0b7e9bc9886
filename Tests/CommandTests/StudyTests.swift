import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing

/// The whole path on rendered steel: import → split → study → report, as a user runs it.
@Suite(.serialized)
struct StudyTests {
  private let study: StudyFolder
  private var folder: URL { study.folder }

  init() throws { study = try StudyFolder() }

  private func arguments(_ out: String) -> [String] { study.arguments(out) }
  private func cells(_ out: String) -> [String] { study.cells(out) }
  private func results(_ out: String) throws -> [Substring] { try study.results(out) }

  @Test func killedAndContinuedItGivesTheSameAnswerAndAReport() throws {
    let whole = try PatinaProcess(arguments("whole")).finish()
    #expect(whole.code == 0, "\(whole.errors)")
    #expect(cells("whole").count == 10)
    #expect(whole.output.contains("rehearsal"))

    let killed = try PatinaProcess(arguments("killed"))
    let limit = Date(timeIntervalSinceNow: 120)
    while killed.process.isRunning, cells("killed").count < 4, Date() < limit { usleep(500) }
    kill(killed.process.processIdentifier, SIGKILL)
    #expect(try killed.finish().code == SIGKILL)
    let kept = cells("killed")
    #expect(kept.count >= 4 && kept.count < 10)
    func dates() throws -> [Date?] {
      try kept.map { name in
        let path = folder.appendingPathComponent("killed/cells/\(name)").path
        return try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
      }
    }
    let before = try dates()
    let continued = try PatinaProcess(arguments("killed")).finish()
    #expect(continued.code == 0, "\(continued.errors)")
    #expect(try dates() == before, "finished cells were trained again")
    #expect(try results("killed") == results("whole"))

    let report = try PatinaProcess.run("report", folder.appendingPathComponent("killed").path)
    #expect(report.code == 0, "\(report.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("killed").path)
    let page = try #require(names.first { $0.hasSuffix(".html") })
    let html = try String(contentsOf: folder.appendingPathComponent("killed/\(page)"), encoding: .utf8)
    #expect(html.contains("data:image/png;base64"))
    #expect(!html.contains("src=\"http"))
  }

  /// Before it starts a study says how long it will take, by some steps of its own trainings.
  @Test func itSaysHowLongItWillTake() throws {
    let first = try study("estimate", "timed")
    #expect(first.code == 0, "\(first.errors)")
    #expect(
      first.output.hasPrefix("left: 2 translators of 4 steps (")
        && first.output.contains(" and 10 trainings of 6 steps ("))
    #expect(first.output.contains(" s a step); about 0:"))
    let out = folder.appendingPathComponent("timed")
    #expect(try FileManager.default.contentsOfDirectory(atPath: out.path).sorted() == ["cells", "claims"])
    #expect(cells("timed").isEmpty)
    let whole = try PatinaProcess(arguments("timed")).finish()
    #expect(whole.code == 0 && whole.errors.contains("left: 2 translators"), "\(whole.errors)")
    #expect(
      whole.errors.contains("room for a gain: after one training, real images alone reach"), "\(whole.errors)")
    #expect(
      try study("estimate", "timed").output == "left: 0 translators of 4 steps and 0 trainings of 6 steps; about 0:00\n"
    )
    let paper = try study("estimate", "timed", "--preset", "paper", "--json")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(paper.output.utf8)) as? [String: Any])
    // Three splits with four fractions, of which one has no oracle; the file's own seeds and two defects.
    #expect((json["cells"] as? [String: Any])?["left"] as? Int == 3 * (8 * 4 - 1) * 2 - 10)
    #expect((json["translators"] as? [String: Any])?["left"] as? Int == 3 * 4 * 2 - 2)
    #expect((json["seconds"] as? Double ?? 0) > 0)
  }

  private func study(_ verb: String, _ out: String, _ more: String...) throws
    -> (code: Int32, output: String, errors: String)
  {
    try PatinaProcess(["study", verb] + arguments(out).dropFirst() + more).finish()
  }

  /// Answers without the command, which differs.
  private func answer(_ out: String) throws -> [Substring] {
    try results(out).filter { !$0.contains("patina study") }
  }

  /// Two processes in one folder, or one for each cell, come to the answer of a single one.
  @Test func processesShareAStudy() throws {
    #expect(try PatinaProcess(arguments("one")).finish().code == 0)
    let pair = try [PatinaProcess(arguments("two")), PatinaProcess(arguments("two"))]
    for process in pair {
      let done = try process.finish()
      #expect(done.code == 0 && done.output.contains("rehearsal"), "\(done)")
    }
    #expect(cells("two") == cells("one"))
    #expect(try answer("two") == answer("one"))

    let listed = try study("cells", "apart")
    #expect(listed.code == 0, "\(listed.errors)")
    let lines = listed.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(lines.count == 10 && lines.allSatisfy { $0.count == 4 && $0[3] == "left" })
    #expect(Set(lines.map { "\($0[1]) \($0[2])" }).count == 10)
    let early = try study("collect", "apart")
    #expect(early.code == 2 && early.errors.contains("10 finished trainings"), "\(early.errors)")
    for line in lines {
      #expect(try study("run", "apart", "--cell", String(line[0])).code == 0)
    }
    // A cell that is there already is not trained again.
    #expect(try study("run", "apart", "--cell", String(lines[0][0])).code == 0)
    let unknown = try study("run", "apart", "--cell", "xyz")
    #expect(unknown.code == 2 && unknown.errors.contains("patina study cells"), "\(unknown.errors)")
    #expect(try study("cells", "apart", "--left").output.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("apart/results.json").path))
    let collected = try study("collect", "apart")
    #expect(collected.code == 0 && collected.output.contains("rehearsal"), "\(collected)")
    #expect(try answer("apart") == answer("one"))
  }

  /// Each addition is made once, counted, and told apart in the report's table; the placebo's part is in the verdict.
  @Test func controlsAndRivalsAreRunBesideSyntheticImages() throws {
    let file = folder.appendingPathComponent("study.yaml")
    let arms = ["real", "synthetic", "synthetic+oversampling", "effective-number", "copy-paste", "placebo"]
    try (String(contentsOf: file, encoding: .utf8) + "\narms: [\(arms.joined(separator: ", "))]\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let done = try PatinaProcess(arguments("arms")).finish()
    #expect(done.code == 0, "\(done.errors)")
    #expect(done.output.contains("The placebo, images that show nothing"))
    let out = folder.appendingPathComponent("arms")
    let text = try Data(contentsOf: out.appendingPathComponent("results.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
    let found = try #require(results["arms"] as? [[String: Any]])
    #expect(found.map { $0["name"] as? String } == arms)
    for arm in found {
      let images = try #require(arm["trainingImages"] as? [[String: Any]])
      let added = images.filter { $0["origin"] as? String == "synthetic" }.compactMap { $0["count"] as? Int }
      let adds = !["real", "effective-number"].contains(arm["name"] as? String)
      #expect(added == (adds ? [5, 5] : []))
    }
    let made = try FileManager.default.contentsOfDirectory(atPath: out.appendingPathComponent("synthetic").path)
    #expect(made.count { $0.hasPrefix("copy-paste-") } == 2 && made.count { $0.hasPrefix("placebo-") } == 2)
    #expect(made.count == 6)
    // Made of one clean image each: the same values in another order.
    let placebo = try Dataset(
      at: out.appendingPathComponent("synthetic/\(#require(made.first { $0.hasPrefix("placebo-") }))"))
    let source = try Dataset(at: folder.appendingPathComponent("steel"))
    for image in placebo.images {
      let name = try #require(image.provenance.synthetic).source
      let clean = try #require(source.images.first { $0.fileName == name })
      #expect(clean.isClean && clean.split == .train)
      let (before, after) = (try source.pixels(of: clean).bytes, try placebo.pixels(of: image).bytes)
      #expect(before != after && before.sorted() == after.sorted())
    }
  }

  /// Two shares of a few defects may be the same images: that is told before anything is made.
  @Test func fractionsThatLeaveTheSameImagesAreRefused() throws {
    let file = folder.appendingPathComponent("study.yaml")
    try (String(contentsOf: file, encoding: .utf8) + "\nfractions: [0.5, 0.51, 1]\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let refused = try PatinaProcess(arguments("same")).finish()
    #expect(refused.code == 2 && refused.errors.contains("with 0.5 and with 0.51"), "\(refused.errors)")
  }

  /// Every split and fraction has its own data, translators and images, and an oracle has what the fraction holds back.
  @Test func splitsAndFractionsAreStudiedTogether() throws {
    let file = folder.appendingPathComponent("study.yaml")
    let more = "\narms: [real, synthetic, oracle]\nsplits: {seeds: [4, 9]}\nfractions: [0.5, 1]\n"
    try
      (String(contentsOf: file, encoding: .utf8).replacing("seeds: 2", with: "seeds: 1")
      .replacing("count: 5", with: "ratio: 1") + more).write(to: file, atomically: true, encoding: .utf8)
    let pair = try [PatinaProcess(arguments("parts")), PatinaProcess(arguments("parts"))]
    for process in pair {
      let done = try process.finish()
      #expect(done.code == 0 && done.output.contains("Rehearsal with 2 splits"), "\(done)")
      #expect(done.output.contains("real defects"))
    }
    #expect(cells("parts").count == 2 * (3 + 2))
    let out = folder.appendingPathComponent("parts")
    let names = try FileManager.default.contentsOfDirectory(atPath: out.appendingPathComponent("data").path).sorted()
    #expect(names.count == 4)
    let sets = try names.map { try Dataset(at: out.appendingPathComponent("data/\($0)")) }
    let (half, whole) = (sets[0], sets[1])
    #expect(names[0].hasPrefix("split-4-fraction-0.5-") && names[1].hasPrefix("split-4-fraction-1.0-"))
    func files(_ set: Dataset, _ split: Split) -> Set<String> { Set(set.images(split: split).map(\.fileName)) }
    #expect(files(half, .test) == files(whole, .test) && files(half, .validation) == files(whole, .validation))
    #expect(files(whole, .test) != files(sets[3], .test))
    // Half of each defect's training images, rounded, and all clean ones.
    for name in ["clean", "scratch", "pit"] {
      let (some, all) = (
        half.images(inClass: name, split: .train).count, whole.images(inClass: name, split: .train).count
      )
      #expect(some == (name == "clean" ? all : Int((Double(all) / 2).rounded())), "\(name)")
    }
    let made = try FileManager.default.contentsOfDirectory(atPath: out.appendingPathComponent("synthetic").path)
    let oracles = made.filter { $0.hasPrefix("oracle-") }
    #expect(oracles.count == 4 && made.count == 4 + 8)
    for name in oracles {
      for image in try Dataset(at: out.appendingPathComponent("synthetic/\(name)")).images {
        #expect(!image.isSynthetic && !image.isClean)
        let isKnown = sets.enumerated().contains { index, set in
          index % 2 == 1 && files(set, .train).contains(image.fileName)
            && !files(sets[index - 1], .train).contains(image.fileName)
        }
        #expect(isKnown)
      }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: out.appendingPathComponent("translators").path).count == 8)
    let listed = try study("cells", "parts", "--left")
    #expect(listed.code == 0 && listed.output.isEmpty)
  }

  /// Defects are made at native scale on whole images, where masks say, before the classifier sees them smaller.
  @Test func translatorsOfMasksMakeWholeImages() throws {
    let set = folder.appendingPathComponent("large")
    #expect(
      try PatinaProcess.run(
        "import", "rendered", "--to", set.path, "--count", "80", "--size", "64", "--defective-share", "0.5", "--seed",
        "3"
      ).code == 0)
    #expect(try PatinaProcess.run("split", set.path).code == 0)
    let file = folder.appendingPathComponent("study.yaml")
    try String(contentsOf: file, encoding: .utf8).replacing("/steel", with: "/large")
      .replacing("translator: {", with: "translator: {window: 48, ")
      .appending("\narms: [real, synthetic]\n").write(to: file, atomically: true, encoding: .utf8)
    let done = try PatinaProcess(arguments("masked")).finish()
    #expect(done.code == 0, "\(done.errors)")
    let out = folder.appendingPathComponent("masked/synthetic")
    let names = try FileManager.default.contentsOfDirectory(atPath: out.path)
    #expect(names.count == 2)
    let source = try Dataset(at: set)
    for name in names {
      let made = try Dataset(at: out.appendingPathComponent(name))
      #expect(made.images.count == 5)
      for image in made.images {
        let synthetic = try #require(image.provenance.synthetic)
        let clean = try #require(source.images.first { $0.fileName == synthetic.source })
        #expect(image.width == 64 && image.height == 64 && synthetic.defectSource != nil)
        let near = try #require(made.mask(of: image)).dilated(by: 3.99)
        let pairs = try zip(source.pixels(of: clean).bytes, made.pixels(of: image).bytes)
        #expect(zip(pairs, near.bits).allSatisfy { $0.0 == $0.1 || $1 != 0 })
      }
    }
  }

  @Test func aLeakingDataSetIsRefused() throws {
    // One image of a test group is moved to training.
    let file = folder.appendingPathComponent("steel/splits.json")
    var json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    var splits = try #require(json["splits"] as? [String: [String]])
    let origins = folder.appendingPathComponent("steel/provenance.json")
    var provenance = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: origins)) as? [String: Any])
    var images = try #require(provenance["images"] as? [String: [String: Any]])
    let (test, train) = (try #require(splits["test"]?.first), try #require(splits["train"]?.first))
    let shared = images[train]?["group"]
    images[test]?["group"] = shared
    provenance["images"] = images
    try JSONSerialization.data(withJSONObject: provenance).write(to: origins)
    let leaking = try PatinaProcess(arguments("leak")).finish()
    #expect(leaking.code == 2)
    #expect(leaking.errors.contains("two sides"), "\(leaking.errors)")

    // A file that is not the one that was imported is refused too.
    images[test]?["group"] = "its own again"
    provenance["images"] = images
    try JSONSerialization.data(withJSONObject: provenance).write(to: origins)
    splits["test"]?.sort()
    json["splits"] = splits
    try JSONSerialization.data(withJSONObject: json).write(to: file)
    let picture = folder.appendingPathComponent("steel/images/\(test)")
    let other = folder.appendingPathComponent("steel/images/\(train)")
    try Data(contentsOf: other).write(to: picture)
    let changed = try PatinaProcess(arguments("changed")).finish()
    #expect(changed.code == 2)
    #expect(changed.errors.contains("another content"), "\(changed.errors)")
  }
}
