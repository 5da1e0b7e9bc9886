import Foundation
import Models
import Testing
import Torch

@testable import Training

/// What a watch says of losses and sample pictures: each fault by its name, once when it begins and once when it ends.
struct TrainingWatchTests {
  private static let steps = 1000

  /// Losses of a run that goes well, near what was measured.
  private static func healthy(_ step: Int) -> CycleGANLosses {
    var losses = CycleGANLosses()
    let wave = sin(Double(step) * 1.7)
    let fall = 2.3 * exp(-Double(step) / 20)
    (losses.adversarialDefect, losses.adversarialClean) = (0.4 + 0.1 * wave + fall, 0.5 - 0.1 * wave + fall)
    (losses.cycleClean, losses.cycleDefect) = (2 + 0.5 * wave, 2 - 0.4 * wave)
    (losses.identityDefect, losses.identityClean) = (1, 1 + 0.2 * wave)
    (losses.discriminatorDefect, losses.discriminatorClean) = (0.2 + 0.05 * wave + fall, 0.25 + 0.05 * wave + fall)
    return losses
  }

  private func warnings(_ change: (Int, inout CycleGANLosses) -> Void) -> [TrainingWarning] {
    var watch = TrainingWatch(losses: CycleGANLosses.names, totalSteps: Self.steps)
    return (1...Self.steps).flatMap { step in
      var losses = Self.healthy(step)
      change(step, &losses)
      return watch.follow(step: step, losses: losses.values)
    }
  }

  @Test func nothingIsSaidOfAHealthyRun() {
    #expect(warnings { _, _ in }.isEmpty)
    // A jump of one step, as batches of one image have.
    #expect(warnings { step, losses in if step == 600 { losses.discriminatorClean = 40 } }.isEmpty)
    // A loss that begins near 0, because generators begin with the picture as it is.
    #expect(warnings { step, losses in losses.cycleClean = step < 200 ? 0.001 : 0.5 }.isEmpty)
    // A generator as good as the images: its discriminator cannot tell, and still has an opinion of each.
    #expect(
      warnings { step, losses in losses.discriminatorDefect = 0.25 + 0.02 * sin(Double(step)) }.isEmpty)
  }

  @Test(arguments: ["certain", "fooled", "blind"]) func aPinnedDiscriminatorIsToldOnceWithItsSteps(state: String) throws
  {
    let found = warnings { step, losses in
      guard (400..<700).contains(step) else { return }
      switch state {
      case "certain": (losses.discriminatorDefect, losses.adversarialDefect) = (0.005, 0.98)
      case "fooled": (losses.discriminatorDefect, losses.adversarialDefect) = (0.55, 0.001)
      default: (losses.discriminatorDefect, losses.adversarialDefect) = (0.2501, 0.25)
      }
    }
    let begin = try #require(found.first), end = try #require(found.last)
    #expect(found.count == 2 && begin.event == .begins && end.event == .ends)
    #expect(begin.finding.rawValue == "\(state)-discriminator" && begin.finding.isPinned && begin.part == "defect")
    // Running means follow late, and it has to last.
    #expect((400...580).contains(begin.since) && begin.step == begin.since + 49)
    #expect((700...780).contains(end.step) && end.since == begin.since)
    #expect(
      begin.text.contains("step \(begin.step)") && begin.text.contains(state == "blind" ? "tells nothing" : state))
  }

  @Test func aMomentsCertaintyIsNotTold() {
    #expect(warnings { step, losses in if (400..<440).contains(step) { losses.discriminatorDefect = 0 } }.isEmpty)
  }

  @Test func anExplodingLossIsToldWithTheStepThatItBeganWith() throws {
    let found = warnings { step, losses in if (500..<520).contains(step) { losses.adversarialClean = 70 } }
    #expect(found.map(\.finding) == [.explodingLoss, .explodingLoss] && found.map(\.event) == [.begins, .ends])
    #expect(found.map(\.since) == [500, 500] && found.map(\.step) == [502, 522])
    #expect(found.allSatisfy { $0.part == "adversarial_clean" })
    // Also where a run explodes before there is a median.
    let early = warnings { step, losses in losses.discriminatorDefect = step > 3 ? 1e6 : 2 }
    #expect(early.first?.finding == .explodingLoss && early.first?.since == 4)
  }

  @Test func aLossThatIsNoNumberIsNamed() {
    let found = warnings { step, losses in if step == 300 { losses.cycleDefect = .nan } }
    #expect(found.map(\.finding) == [.notFinite] && found.first?.part == "cycle_defect" && found.first?.step == 300)
  }

  @Test func theAdversarialWeightOfCUTIsDividedOut() {
    func watch(_ weight: Double) -> [TrainingWarning] {
      var watch = TrainingWatch(losses: CUTLosses.names, totalSteps: 500, adversarialWeight: weight)
      return (1...500).flatMap { step in
        watch.follow(step: step, losses: [0.03, 5, 5, 0.2 + 0.05 * sin(Double(step))])
      }
    }
    #expect(watch(0.1).isEmpty)
    #expect(watch(1).map(\.finding) == [.fooledDiscriminator])
  }

  // MARK: Samples

  private static let translations = ["identity", "constant", "negative", "small change", "healthy"]

  @Test(arguments: translations) func samplesAreJudgedByWhatBecameOfThem(name: String) throws {
    let generator = try Generator(seed: 3)
    let (clean, defect) = (try pictures(generator) * 0.5 - 0.2, try pictures(generator) * 0.5 + 0.3)
    let made: Tensor
    switch name {
    case "identity": made = clean
    case "constant": made = try clean * 0.01 + 0.4
    case "negative": made = try -clean
    case "small change": made = try clean + 0.02
    default: made = try clean * 0.9 + 0.3
    }
    let ways = try TranslationFigures.ways(of: [("clean", clean), ("to defect", made), ("defect", defect)])
    #expect(ways.map(\.way) == ["clean-to-defect"])
    var watch = TrainingWatch(losses: CUTLosses.names, totalSteps: 100)
    #expect(watch.follow(step: 19, samples: ways).isEmpty)
    let found = watch.follow(step: 20, samples: ways)
    let expected: [TrainingWarning.Finding] =
      switch name {
      case "identity", "small change": [.identityGenerator]
      case "constant": [.modeCollapse]
      case "negative": [.colourInversion]
      default: []
      }
    #expect(found.map(\.finding) == expected && found.allSatisfy { $0.part == "clean-to-defect" && $0.since == 20 })
    // Told once.
    #expect(watch.follow(step: 40, samples: ways).isEmpty)
    let good = try TranslationFigures(inputs: clean, outputs: clean + 0.4, others: defect)
    #expect(
      watch.follow(step: 60, samples: [("clean-to-defect", good)]).map(\.event)
        == Array(repeating: .ends, count: expected.count))
  }

  /// Blurred noise, each picture of its own.
  private func pictures(_ generator: Generator) throws -> Tensor {
    try Tensor.uniform([4, 1, 8, 8], low: -1, high: 1, generator: generator).resized(height: 32, width: 32)
  }

  @Test func figuresAreWhatTheirDefinitionsSay() throws {
    // Two pictures of one value each, 0.5 apart; of the other domain one, 0.7 and 0.2 from them.
    let inputs = try Tensor.concatenated([.full([1, 1, 4, 4], -0.5), .full([1, 1, 4, 4], 0)])
    let outputs = try inputs * 0.2 + 0.1
    let figures = try TranslationFigures(inputs: inputs, outputs: outputs, others: .full([1, 1, 4, 4], 0.2))
    #expect(abs((figures.diversity ?? 0) - 0.2) < 1e-6 && abs((figures.correlation ?? 0) - 1) < 1e-6)
    #expect(abs(figures.change - 0.3) < 1e-6 && abs(figures.distance - 0.45) < 1e-6)
    // With masks only what they cover counts: half of each picture, in which the change is double the mean.
    let weight = try Tensor.concatenated([.ones([2, 1, 2, 4]), .zeros([2, 1, 2, 4])], 2)
    let masked = try TranslationFigures(
      inputs: inputs, outputs: inputs + weight * 0.4, others: .full([1, 1, 4, 4], 0.2), weight: weight)
    #expect(abs(masked.change - 0.4) < 1e-6 && masked.correlation == nil)
    let single = try TranslationFigures(inputs: .zeros([1, 1, 4, 4]), outputs: .zeros([1, 1, 4, 4]), others: inputs)
    #expect(single.diversity == nil && single.correlation == nil)
  }
}
