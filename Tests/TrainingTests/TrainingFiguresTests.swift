import Datasets
import Files
import Foundation
import Images
import Runs
import TestFolders
import Testing
import Torch

@testable import Models
@testable import Training

/// What is measured while a translator learns, and which checkpoint is chosen by it.
struct TrainingFiguresTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset
  private let features: URL

  init() throws {
    folder = try TemporaryFolder()
    dataset = try folder.dataset(clean: 24, defective: 24)
    features = folder["features.safetensors"]
    // Any weights will do; real ones are not part of this project.
    let generator = try Generator(seed: 4)
    var tensors: [String: Tensor] = [:]
    for (name, shape) in Inception.convolutions(channels: 768).sorted(by: { $0.key < $1.key }) {
      let fanIn = Double(shape[1] * shape[2] * shape[3])
      tensors["\(name).weight"] = try .normal(shape, standardDeviation: (2 / fanIn).squareRoot(), generator: generator)
      tensors["\(name).bias"] = try .zeros([shape[0]])
    }
    try Safetensors.write(tensors, metadata: [:], to: features)
  }

  private func configuration(
    steps: Int = 6, interval: Int = 2, patience: Int? = nil
  ) throws -> CycleGANConfiguration {
    let source = TrainingSource.dataset(path: dataset.folder.path, clean: "clean", defect: "bright")
    var result = CycleGANConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), threads: 2)
    (result.filters, result.discriminatorFilters, result.blocks) = (4, 4, 1)
    result.length = .steps(steps)
    (result.checkpointInterval, result.sampleInterval) = (2, 100)
    var figures = FigureSettings(features: features.path, featuresHash: try ContentHash.sha256(contentsOf: features))
    (figures.interval, figures.images, figures.patience) = (interval, 8, patience)
    result.figures = figures
    return result
  }

  @Test func theBestCheckpointIsKept() throws {
    let run = try CycleGANRun.start(configuration(), in: folder["run"])
    var weights: [Int: [String: [Float]]] = [:]
    var told: [Int] = []
    run.onFigures = { told.append($0.step) }
    try run.train(onStep: { step, _ in
      weights[step] = (try? run.trainer.weights().mapValues { try $0.elements(as: Float.self) }) ?? [:]
    })
    #expect(told == [2, 4, 6] && run.figures.map(\.step) == told)
    let best = try #require(run.figures.min { $0.kernel < $1.kernel })
    #expect(run.chosen == best)
    let file = try Safetensors(contentsOf: folder["run"].appendingPathComponent(RunWeights.chosenName))
    #expect(file.metadata["step"] == "\(best.step)" && file.metadata["kid"] == "\(best.kernel)")
    // The weights are those of just that step.
    let kept = try file.tensors().mapValues { try $0.elements(as: Float.self) }
    #expect(kept == weights[best.step])
    #expect(weights.count { $0.value == kept } == 1)
    let table = try LossTable(contentsOf: folder["run"].appendingPathComponent("figures.csv"))
    #expect(table.columns == TrainingFigures.names && table.rows.map(\.step) == told)
    #expect(table.rows.map(\.values) == run.figures.map(\.values))
    for figures in run.figures {
      #expect(figures.kernelLow <= figures.kernel && figures.kernel <= figures.kernelHigh && figures.frechet > 0)
    }
  }

  @Test func aStoppedRunEndsWithTheSameFigures() throws {
    try CycleGANRun.start(configuration(), in: folder["whole"]).train()
    do {
      let run = try CycleGANRun.start(configuration(), in: folder["stopped"])
      try run.train(shouldStop: { run.trainer.step == 5 })
    }
    // As if it had been killed in step 5: the checkpoint of step 4 is the last.
    try FileManager.default.removeItem(
      at: CheckpointFolder(folder["stopped"].appendingPathComponent("checkpoints")).file(step: 5))
    #expect(try CycleGANRun.resume(folder["stopped"]).train())
    for name in ["figures.csv", "figures.safetensors", RunWeights.chosenName, RunWeights.finalName, "losses.csv"] {
      #expect(
        try Data(contentsOf: folder["whole"].appendingPathComponent(name))
          == Data(contentsOf: folder["stopped"].appendingPathComponent(name)), "\(name)")
    }
  }

  @Test func patienceEndsARun() throws {
    let run = try CycleGANRun.start(configuration(steps: 200, interval: 1, patience: 3), in: folder["run"])
    #expect(try run.train())
    let best = try #require(run.chosen)
    #expect(run.isExhausted && run.isFinished && run.trainer.step == best.step + 3 && run.trainer.step < 200)
    #expect(FileManager.default.fileExists(atPath: folder["run"].appendingPathComponent(RunWeights.finalName).path))
  }

  /// Groups stay on one side, in both domains, and nothing is lost.
  @Test(arguments: [0.1, 0.25, 0.5, 0.9]) func groupsAreHeldOutWhole(share: Double) throws {
    let writer = try DatasetWriter(to: folder["grouped"], description: "", cleanName: "clean", categories: ["bright"])
    for index in 0..<40 {
      // Five exposures of a part each: three clean, two with a defect.
      try writer.add(
        Image(width: 32, height: 32, filledWith: UInt8(40 + index)), as: String(format: "%02d.png", index),
        labels: index % 5 < 3 ? [] : [.init("bright")], split: .train,
        provenance: Provenance(source: "", group: "part \(index / 5)"))
    }
    let grouped = try writer.finish()
    let images = try UnpairedImages(.dataset(path: grouped.folder.path, clean: "clean", defect: "bright"))
    let (learned, held) = try images.holdingOut(share, seed: 3)
    func parts(_ files: UnpairedFiles) -> Set<Int> {
      Set((Array(files.clean) + Array(files.defect)).compactMap { Int($0.lastPathComponent.prefix(2)) }.map { $0 / 5 })
    }
    #expect(parts(learned).isDisjoint(with: parts(held)))
    #expect(learned.clean.count + held.clean.count == 24 && learned.defect.count + held.defect.count == 16)
    let wanted = min(max(1, Int((share * 8).rounded(.up))), 7)
    #expect(parts(held).count == wanted, "\(parts(held).count) of 8 groups for \(share)")
    #expect(try parts(images.holdingOut(share, seed: 3).heldOut) == parts(held))
  }

  /// What a run learns from and what it is measured on are different images.
  @Test func figuresAreOfHeldOutImages() throws {
    // Every image has a grey of its own; half a step of it tells them apart after scaling to −1 … 1.
    let writer = try DatasetWriter(to: folder["greys"], description: "", cleanName: "clean", categories: ["bright"])
    for index in 0..<40 {
      try writer.add(
        Image(width: 32, height: 32, filledWith: UInt8(5 * index)), as: String(format: "%02d.png", index),
        labels: index < 20 ? [] : [.init("bright")], split: .train,
        provenance: Provenance(source: "", group: "\(index)"))
    }
    let path = try writer.finish().folder.path
    var configuration = try configuration()
    configuration.source = .dataset(path: path, clean: "clean", defect: "bright")
    configuration.imagesHash = try UnpairedImages(configuration.source).hash
    let run = try CycleGANRun.start(configuration, in: folder["run"])
    func greys(_ loader: any TranslatorLoader<UnpairedBatch>, steps: Int) throws -> Set<Float> {
      try (0..<steps).reduce(into: []) { all, step in
        let batch = try loader.batch(step: step)
        all.formUnion(batch.a.values + batch.b.values)
      }
    }
    let learned = try greys(run.loader, steps: 200)
    let held = try greys(#require(run.comparison).loader, steps: 20)
    #expect(learned.isDisjoint(with: held) && learned.count == 30 && held.count == 10)
  }

  @Test func oneGroupCannotBeDivided() throws {
    let single = try folder.dataset("single", clean: 6, defective: 1)
    let source = TrainingSource.dataset(path: single.folder.path, clean: "clean", defect: "bright")
    #expect(throws: InputError.self) { try UnpairedImages(source).holdingOut(0.25, seed: 0) }
  }

  @Test func otherFeaturesAreRefused() throws {
    try CycleGANRun.start(configuration(), in: folder["run"]).train(shouldStop: { true })
    var data = try Data(contentsOf: features)
    data[data.count - 1] ^= 1
    try data.write(to: features)
    let error = #expect(throws: InputError.self) { try CycleGANRun.resume(folder["run"]) }
    #expect(error?.description.contains("features that the run began with") ?? false)
  }
}
