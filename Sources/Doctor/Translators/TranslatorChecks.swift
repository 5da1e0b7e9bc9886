import Foundation
import Models
import Torch

/// The skeleton checks of a translator between two domains of images (Zhu et al., ICCV 2017): each of them looks for a fault
/// that public implementations had.
public final class TranslatorChecks {
  let subject: TranslatorSubject
  let seed: UInt64
  /// Of one step of training, measured when it is first asked for.
  private(set) lazy var secondsPerStep = (try? measured()) ?? 0

  public init(_ subject: TranslatorSubject, seed: UInt64 = 0) {
    self.subject = subject
    self.seed = seed
  }

  /// - Parameter secondsPerStep: of one training step, for what the checks will cost; nil measures two steps. A training
  ///   that cannot even make these counts as quick: its checks say what is wrong.
  public func steps(secondsPerStep: Double? = nil) -> [Examination.Step] {
    if let secondsPerStep { self.secondsPerStep = secondsPerStep }
    func step(_ check: Check, _ trainingSteps: Double, _ examine: @escaping () throws -> Outcome) -> Examination.Step {
      Examination.Step(check, cost: self.secondsPerStep * trainingSteps, examine)
    }
    // A pass without gradients is about a third of what a step does with each network.
    return [
      step(.sameSeed, 6, sameSeed), step(.lossAtInitialisation, 1.5, lossAtInitialisation),
      step(.evaluationMode, 1.5, evaluationMode), step(.sampleDependency, 2, sampleDependency),
      step(.parametersMove, 4, parametersMove), step(.updateRatio, 3, updateRatio), step(.lossTerms, 1.5, lossTerms),
      Examination.Step(.pairs, cost: self.probeSeconds, pairs),
      Examination.Step(.crops, cost: self.probeSeconds, crops),
      step(.borders, 0.5, borders), step(.weightAverage, subject.averageDecay == nil ? 0 : 3, weightAverage),
      step(.outputs, 1, outputs), step(.overfitCycle, Double(Self.overfitSteps), overfitCycle),
    ]
  }

  /// Those that are made.
  static let checks: [Check] = [
    .sameSeed, .lossAtInitialisation, .evaluationMode, .sampleDependency, .parametersMove, .updateRatio, .lossTerms,
    .pairs, .crops, .borders, .weightAverage, .outputs, .overfitCycle,
  ]

  private func measured() throws -> Double {
    let translator = try fresh()
    let batch = try subject.batch(0)
    // The first step also plans and allocates.
    _ = try translator.train(batch)
    let start = ProcessInfo.processInfo.systemUptime
    _ = try translator.train(batch)
    return ProcessInfo.processInfo.systemUptime - start
  }

  /// A translator that has not learned anything, in training mode.
  func fresh() throws -> any CheckedTranslator {
    let translator = try subject.make(seed)
    try translator.setTraining(true)
    return translator
  }

  /// The directions that a translator has a generator for.
  func directions(_ translator: any CheckedTranslator) -> [TranslationDirection] {
    TranslationDirection.allCases.filter { translator.network($0.generator.rawValue) != nil }
  }

  /// Gaussian numbers like a tensor's, for a gradient in which nothing cancels.
  func noise(like tensor: Tensor, _ purpose: UInt64 = 0) throws -> Tensor {
    try Tensor.normal(tensor.shape, generator: Generator(seed: seed &+ purpose)).moved(to: tensor.device)
  }

  /// The largest absolute difference; not a number where one of them is none.
  func apart(_ one: Tensor, _ two: Tensor) throws -> Double {
    guard one.shape == two.shape else { return .infinity }
    return try (one.detached() - two.detached()).abs().max().item()
  }

  static func named(_ names: [String], most: Int = 5) -> String {
    names.prefix(most).joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
  }
}
