import Testing
import Training

struct TrainingLengthTests {
  /// 100 + 100 epochs: 1 through epoch 99, 0.990 in the 101st, 0.0099 in the 200th, never 0.
  @Test(arguments: [(0, 0.0), (98, 0.0), (99, 0.0), (100, 1.0), (101, 2.0), (199, 100.0)])
  func thePublishedDecay(epoch: Int, lost: Double) {
    let length = TrainingLength.reference
    for step in [epoch * 7, epoch * 7 + 6] {
      let factor = length.factor(step: step, stepsPerEpoch: 7)
      #expect(abs(factor - (1 - lost / 101)) < 1e-12)
    }
    #expect(length.totalSteps(stepsPerEpoch: 7) == 1400)
  }

  @Test func inStepsItFallsEveryStepOfTheSecondHalf() {
    let length = TrainingLength.steps(11)
    #expect((length.constant, length.decay) == (6, 5))
    #expect(length.totalSteps(stepsPerEpoch: 1000) == 11)
    let factors = (0..<11).map { length.factor(step: $0, stepsPerEpoch: 1000) }
    #expect(factors.prefix(6).allSatisfy { $0 == 1 })
    for (index, factor) in factors.dropFirst(6).enumerated() {
      #expect(abs(factor - (1 - Double(index + 1) / 6)) < 1e-12)
    }
  }
}
