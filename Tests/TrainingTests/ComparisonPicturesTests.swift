import Datasets
import Foundation
import Images
import Runs
import TestFolders
import Testing

@testable import Training

/// The pictures of an evaluation's page.
struct ComparisonPicturesTests {
  private let folder: TemporaryFolder
  private let real: Dataset
  private let synthetic: Dataset

  /// Real: clean images of brightness 100, 16 × 12, and defective ones of 140. Synthetic: of brightness 120, each made from a
  /// clean one; `part.png` is the middle of a clean image of twice its size; the last names an image of another group.
  init() throws {
    folder = try TemporaryFolder()
    let realWriter = try DatasetWriter(
      to: folder["real"], description: "", cleanName: "Free", categories: ["Crack"])
    for index in 0..<6 {
      for (kind, value) in [("clean", 100), ("crack", 140)] {
        try realWriter.add(
          Image(width: 16, height: 12, filledWith: UInt8(value)), as: "\(kind)-\(index).png",
          labels: kind == "crack" ? [.init("Crack")] : [], split: .train,
          provenance: Provenance(source: "\(kind)-\(index)", group: "\(kind)-\(index)"))
      }
    }
    real = try realWriter.finish()
    let writer = try DatasetWriter(to: folder["made"], description: "", cleanName: "Free", categories: ["Crack"])
    for index in 0..<6 {
      let isPart = index == 4
      let name = isPart ? "part" : "made-\(index)"
      try writer.add(
        Image(width: isPart ? 8 : 16, height: isPart ? 6 : 12, filledWith: 120), as: "\(name).png",
        labels: [.init("Crack")],
        split: .train,
        provenance: Provenance(
          source: "clean-\(index).png", group: index == 5 ? "another" : "clean-\(index)",
          synthetic: .init(model: "m", seed: 0, step: 0, source: "clean-\(index).png", sourceSplit: "train")))
    }
    synthetic = try writer.finish()
  }

  private func record(_ real: ComparedImages, _ synthetic: ComparedImages) -> EvaluationRecord {
    EvaluationRecord(
      real: .init(path: "", className: nil, split: nil, names: real.names),
      synthetic: .init(path: "", className: nil, split: nil, names: synthetic.names), features: "", featuresHash: "",
      size: nil, fid: 0, kid: .init(value: 0, low: 0, high: 0, method: ""),
      manifold: .init(precision: 0, recall: 0, density: 0, coverage: 0, neighbour: 5), copies: 0,
      medianDistanceToReal: 0, medianDistanceWithinReal: 0,
      nearest: synthetic.names.indices.map {
        .init(
          synthetic: synthetic.names[$0], real: real.names[0], distance: 1, meanDistance: 1,
          source: synthetic.sources[$0]?.name)
      }, facts: [])
  }

  /// Mean brightness of a JPEG file, 0 ... 255.
  private func brightness(_ data: Data?) throws -> Double? {
    try data.map { try 255 * Image(decoding: $0, at: "picture").brightness }
  }

  @Test func theyShowWhatTheRecordNames() throws {
    let (real, synthetic) = (try ComparedImages(at: real.folder), try ComparedImages(at: synthetic.folder))
    #expect(synthetic.sources[0] == .init(name: "clean-0.png", group: "clean-0"))
    let pictures = ComparisonPictures(real: real, synthetic: synthetic).pictures(of: record(real, synthetic))
    // 6 real and 6 synthetic samples, 6 differences, and 5 sources with theirs.
    #expect(pictures.count == 28)
    func near(_ picture: EvaluationRecord.Picture, _ expected: Double) throws {
      let found = try #require(try brightness(pictures[picture]))
      #expect(abs(found - expected) < 2, "\(picture): \(found)")
    }
    let factor = Double(EvaluationRecord.differenceFactor)
    try near(.real("crack-3.png"), 140)
    try near(.synthetic("made-0.png"), 120)
    try near(.difference("made-0.png"), 20 * factor)
    for name in ["made-0.png", "part.png"] {
      try near(.source(name), 100)
      try near(.sourceDifference(name), 20 * factor)
    }
    #expect(pictures[.source("made-5.png")] == nil && pictures[.sourceDifference("made-5.png")] == nil)
  }

  @Test func ofASizeTheyShowTheMiddle() throws {
    let (real, synthetic) = (try ComparedImages(at: real.folder), try ComparedImages(at: synthetic.folder))
    let transform = ImageTransform(size: 8, loadSize: 8, channels: 3)
    let pictures = ComparisonPictures(real: real, synthetic: synthetic, transform: transform)
      .pictures(of: record(real, synthetic))
    for name in [EvaluationRecord.Picture.real("crack-0.png"), .source("made-0.png"), .difference("made-0.png")] {
      let image = try Image(decoding: #require(pictures[name]), at: "picture")
      #expect(image.width == image.height && image.channels == 3)
    }
  }

  @Test func foldersHaveNoSources() throws {
    let images = synthetic.folder.appendingPathComponent("images")
    let (real, synthetic) = (try ComparedImages(at: real.folder), try ComparedImages(at: images))
    #expect(synthetic.sources.allSatisfy { $0 == nil })
    #expect(real.files(of: [.init(name: "crack-0.png", group: "crack-0")]).isEmpty)
    try FileManager.default.removeItem(at: images.appendingPathComponent("made-1.png"))
    let pictures = ComparisonPictures(real: real, synthetic: synthetic).pictures(of: record(real, synthetic))
    #expect(pictures[.synthetic("made-1.png")] == nil && pictures[.difference("made-1.png")] == nil)
    #expect(pictures[.synthetic("made-0.png")] != nil && pictures[.source("made-0.png")] == nil)
  }
}
