import Files
import Foundation
import Optimizers
import Testing

struct LearningRateScheduleTests {
  /// Zhu et al. train 100 epochs at the full rate; the first that is lower is the 101st.
  @Test func cycleGANsEpochs() {
    let schedule = LearningRateSchedule.linearDecay(constantEpochs: 100, decayEpochs: 100)
    #expect(schedule.factor(at: 0) == 1 && schedule.factor(at: 99) == 1)
    #expect(abs(schedule.factor(at: 100) - 100.0 / 101) < 1e-12)
    #expect(abs(schedule.factor(at: 199) - 1.0 / 101) < 1e-12)
    #expect(schedule.factor(at: 200) == 0 && schedule.factor(at: 5000) == 0)
  }

  @Test func theEnds() {
    let cosine = LearningRateSchedule.cosine(epochs: 10, minimum: 0.1)
    #expect(cosine.factor(at: 0) == 1)
    #expect(abs(cosine.factor(at: 5) - 0.55) < 1e-12)
    #expect(abs(cosine.factor(at: 10) - 0.1) < 1e-12 && cosine.factor(at: 15) == cosine.factor(at: 10))
    #expect(LearningRateSchedule.constant.factor(at: 12345) == 1)
    #expect(LearningRateSchedule.linearDecay(constantEpochs: 2, decayEpochs: 0).factor(at: 1) == 1)
    #expect(LearningRateSchedule.linearDecay(constantEpochs: 0, decayEpochs: 1).factor(at: 0) == 0.5)
  }

  @Test(arguments: [
    LearningRateSchedule.constant, .linearDecay(constantEpochs: 3, decayEpochs: 4), .cosine(epochs: 5, minimum: 0.25),
    .step(epochs: 3, factor: 0.1),
  ]) func survivesJSON(_ schedule: LearningRateSchedule) throws {
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: data) == schedule)
    try schedule.validate(at: "schedule")
  }

  @Test(arguments: [
    (LearningRateSchedule.linearDecay(constantEpochs: -1, decayEpochs: 4), "run.constantEpochs"),
    (.linearDecay(constantEpochs: 1, decayEpochs: -4), "run.decayEpochs"),
    (.linearDecay(constantEpochs: 1, decayEpochs: .max), "run.decayEpochs"),
    (.cosine(epochs: 0), "run.epochs"), (.cosine(epochs: 3, minimum: 1.5), "run.minimum"),
    (.step(epochs: 0, factor: 0.5), "run.epochs"), (.step(epochs: 3, factor: 0), "run.factor"),
    (.step(epochs: 3, factor: .infinity), "run.factor"),
  ]) func badSettingsAreRefusedByName(_ schedule: LearningRateSchedule, _ place: String) {
    let error = #expect(throws: InputError.self) { try schedule.validate(at: "run") }
    #expect(error?.place == place)
  }
}
