import Foundation
import Testing

// example
import Doctor
import Layers
import Optimizers
import Torch

/// A network of one's own, with its loss and its optimizer.
final class OwnLearner: CheckedLearner {
  private let model: Sequential
  private let optimizer: Adam
  var network: any Module { model }

  init(seed: UInt64, width: Int) throws {
    let generator = try Generator(seed: seed)
    model = try Sequential(
      Conv2d(1, 8 * width, kernel: 3, stride: 2, padding: 1, generator: generator), ReLU(),
      AdaptiveAvgPool2d(), Flatten(), Linear(8 * width, 2, generator: generator))
    optimizer = Adam(try NamedParameters(model), learningRate: 1e-2)
  }

  func logits(_ inputs: Tensor) throws -> Tensor { try model(inputs) }

  func loss(_ logits: Tensor, _ labels: Tensor) throws -> Tensor { try crossEntropyLoss(logits, labels) }

  func learn(_ inputs: Tensor, _ labels: Tensor) throws -> Double {
    try model.setTraining(true)
    let loss = try loss(logits(inputs), labels)
    try optimizer.zeroGradients()
    try loss.backward()
    try optimizer.step()
    return try loss.item()
  }
}

/// Noise, and brighter noise where the label is 1.
func ownBatch(step: Int) throws -> LabelledTensors {
  let labels = (0..<16).map { $0 % 2 }
  let noise = try Tensor.uniform([16, 1, 16, 16], low: -1, high: 0, generator: Generator(seed: UInt64(step)))
  let bright = try Tensor(labels.map { Float($0) }, shape: [16, 1, 1, 1])
  return LabelledTensors(inputs: try noise + bright * 0.5, labels: try Tensor(labels))
}

func examineOwnNetwork() throws -> Examination {
  let subject = LearnerSubject(
    classNames: ["clean", "bright"], classShares: [0.5, 0.5],
    make: { seed, width in try OwnLearner(seed: seed, width: width) },
    batch: { step in try ownBatch(step: step) })
  return Examination(.network, name: "own", steps: LearnerChecks(subject).steps())
}
// end of the example

/// What docs/doctor.md tells the owner of a network.
struct OwnNetworkTests {
  @Test func theExampleFindsNothingWrong() throws {
    let record = try examineOwnNetwork().record()
    let told = record.checks.map { "\($0.name) \($0.verdict.rawValue): \($0.finding)" }.joined(separator: "\n")
    #expect(record.subject == .network && record.names(.fail).isEmpty, "\(told)")
    #expect(record.names(.pass).contains(Check.overfitOneBatch.rawValue), "\(told)")
  }

  @Test func theDocumentShowsThisVeryExample() throws {
    let file = URL(fileURLWithPath: #filePath)
    let root = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let source = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(source.range(of: "// example\n"))
    let end = try #require(source.range(of: "// end of the example\n"))
    let example = source[start.upperBound..<end.lowerBound]
    let document = try String(contentsOf: root.appendingPathComponent("docs/doctor.md"), encoding: .utf8)
    #expect(document.contains("```swift\n\(example)```\n"))
  }
}
