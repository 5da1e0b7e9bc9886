import Datasets
import Foundation
import Images
import Testing

/// Studies of segmenters, and of other amounts and trainings.
@Suite(.serialized)
struct StudyTaskTests {
  private let study: StudyFolder
  private var folder: URL { study.folder }

  init() throws { study = try StudyFolder() }

  private func arguments(_ out: String) -> [String] { study.arguments(out) }
  private func cells(_ out: String) -> [String] { study.cells(out) }
  private func results(_ out: String) throws -> [Substring] { try study.results(out) }

  /// Segmenters learn from windows with masks; killed and continued, the answer has the same bytes.
  @Test func segmentersAreStudiedToo() throws {
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
      .replacing(
        "classifier: {width: 4, steps: 6, batch: 8}",
        with: "task: segmentation\nsegmenter: {window: 48, width: 4, depth: 2, steps: 6, batch: 4}"
      )
      .appending("\narms: [real, synthetic, copy-paste, placebo, class-weights, synthetic+augmentation]\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let done = try PatinaProcess(arguments("pixels")).finish()
    #expect(done.code == 0, "\(done.errors)")
    #expect(cells("pixels").count == 12)
    let url = folder.appendingPathComponent("pixels/results.json")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    #expect(json["primaryFigure"] as? String == "dice")
    let arms = try #require(json["arms"] as? [[String: Any]])
    let figures = Set((arms[0]["figures"] as? [[String: Any]] ?? []).compactMap { $0["figure"] as? String })
    #expect(figures.isSuperset(of: ["dice", "iou", "boundary-f1", "small-defect-recall", "average-precision"]))
    // A mask where nothing was made: the placebo's images are clean ones, pixel for pixel.
    let out = folder.appendingPathComponent("pixels/synthetic")
    let source = try Dataset(at: set)
    let placebo = try FileManager.default.contentsOfDirectory(atPath: out.path).filter { $0.hasPrefix("placebo") }
    #expect(placebo.count == 2)
    for name in placebo {
      let made = try Dataset(at: out.appendingPathComponent(name))
      for image in made.images {
        let clean = try #require(source.images.first { $0.fileName == image.provenance.synthetic?.source })
        #expect(try made.pixels(of: image).bytes == source.pixels(of: clean).bytes)
        #expect(try #require(made.mask(of: image)).area > 0)
      }
    }
    let half = cells("pixels").prefix(5)
    for name in half {
      try FileManager.default.removeItem(at: folder.appendingPathComponent("pixels/cells/\(name)"))
    }
    let before = try results("pixels")
    #expect(try PatinaProcess(arguments("pixels")).finish().code == 0)
    #expect(try results("pixels") == before)
    let page = try PatinaProcess.run("report", folder.appendingPathComponent("pixels").path)
    #expect(page.code == 0, "\(page.errors)")
    let html = try String(
      contentsOf: folder.appendingPathComponent("pixels/report.html"), encoding: .utf8)
    #expect(html.contains("Boundary F1") && !html.contains("Confusion matrices"))
    let logs = folder.appendingPathComponent("logs").path
    for (format, to) in [("mlflow", logs + "-m"), ("tensorboard", logs + "-t")] {
      let exported = try PatinaProcess.run(
        "study", "export", folder.appendingPathComponent("pixels").path, "--to", to, "--format", format)
      #expect(exported.code == 0, "\(exported.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: logs + "-t").count == 12)
    let experiment = try #require(try FileManager.default.contentsOfDirectory(atPath: logs + "-m").first)
    let runs = try FileManager.default.contentsOfDirectory(atPath: "\(logs)-m/\(experiment)").filter {
      $0 != "meta.yaml"
    }
    #expect(Set(runs) == Set(cells("pixels").map { String($0.prefix(32)) }))
    #expect(FileManager.default.fileExists(atPath: "\(logs)-m/\(experiment)/\(runs[0])/metrics/test/dice/pit"))
  }

  /// Gates that refuse all leave the real images: an arm then is what it is without synthetic ones, and the report says so.
  @Test(arguments: [false, true])
  func gatesThatRefuseAllLeaveTheRealImages(segments: Bool) throws {
    let set = folder.appendingPathComponent("large")
    #expect(
      try PatinaProcess.run(
        "import", "rendered", "--to", set.path, "--count", "80", "--size", "64", "--defective-share", "0.5", "--seed",
        "3"
      ).code == 0)
    #expect(try PatinaProcess.run("split", set.path).code == 0)
    let file = folder.appendingPathComponent("study.yaml")
    let segmenter = "task: segmentation\nsegmenter: {window: 48, width: 4, depth: 2, steps: 6, batch: 4}"
    let classifier = "classifier: {width: 4, steps: 6, batch: 8}"
    try String(contentsOf: file, encoding: .utf8).replacing("/steel", with: "/large")
      .replacing("translator: {", with: "translator: {window: 48, ")
      .replacing(classifier, with: segments ? segmenter : classifier)
      .appending("\narms: [real, synthetic, copy-paste]\ngates: [seam]\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let done = try PatinaProcess(arguments("gated")).finish()
    #expect(done.code == 0, "\(done.errors)")
    var tests: [String: [String: [String]]] = [:]
    for name in cells("gated") {
      let url = folder.appendingPathComponent("gated/cells/\(name)")
      let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
      let test = try #require(json["test"] as? [[String: Any]])
      tests[json["arm"] as? String ?? "", default: [:]]["\(json["seed"] ?? "")"] = test.map { "\($0["scores"] ?? "")" }
    }
    #expect(tests["real"]?.count == 2 && tests["real"] == tests["synthetic"])
    #expect(tests["real"] != tests["copy-paste"])
    let page = try PatinaProcess.run("report", folder.appendingPathComponent("gated").path)
    #expect(page.code == 0, "\(page.errors)")
    let html = try String(contentsOf: folder.appendingPathComponent("gated/report.html"), encoding: .utf8)
    #expect(html.contains("0 of 20 made passed, refused by seam 20; fewer than wanted: 0 of 5"))
  }

  /// Twice as many synthetic images are other images of their own; the best weights are kept where the file says so.
  @Test func amountsAndKeptWeightsAreTheArms() throws {
    let file = folder.appendingPathComponent("study.yaml")
    let text = try String(contentsOf: file, encoding: .utf8).replacing(
      "defects: [scratch, pit]", with: "defects: [pit]"
    )
    .appending("\narms: [real, synthetic, synthetic@2]\n")
    try text.write(to: file, atomically: true, encoding: .utf8)
    let done = try PatinaProcess(arguments("amounts")).finish()
    #expect(done.code == 0, "\(done.errors)")
    let url = folder.appendingPathComponent("amounts/results.json")
    func arms() throws -> [[String: Any]] {
      let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
      return try #require(json["arms"] as? [[String: Any]])
    }
    let counts = try arms().map { arm in
      (arm["trainingImages"] as? [[String: Any]] ?? []).filter { $0["origin"] as? String == "synthetic" }
        .compactMap { $0["count"] as? Int }
    }
    #expect(counts == [[], [5], [10]])
    #expect(cells("amounts").count == 6)
    // Steps that wreck the network: the last weights are not the best in all of six trainings.
    func scores(keeping: String) throws -> [String: [[Double]]] {
      try text.replacing("steps: 6, batch: 8", with: "steps: 20, batch: 8, learning-rate: 0.9, keep: \(keeping)")
        .write(to: file, atomically: true, encoding: .utf8)
      let done = try PatinaProcess(arguments(keeping)).finish()
      #expect(done.code == 0, "\(done.errors)")
      let records = try cells(keeping).map { name -> (String, [[Double]]) in
        let url = folder.appendingPathComponent("\(keeping)/cells/\(name)")
        let json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        let test = try #require(json["test"] as? [[String: Any]])
        return (
          "\(json["arm"] ?? "") \(json["seed"] ?? "")", test.compactMap { $0["scores"] as? [Double] }
        )
      }
      return Dictionary(uniqueKeysWithValues: records)
    }
    let (last, best) = (try scores(keeping: "last"), try scores(keeping: "best"))
    #expect(last.count == 6 && last.keys == best.keys && last != best)
  }
}
