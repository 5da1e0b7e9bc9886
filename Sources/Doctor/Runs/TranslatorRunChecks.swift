import Files
import Foundation
import Models
import Runs
import Torch
import Training

/// What can go wrong in a translator's run without an error: looked for in its folder, finished or not.
public struct TranslatorRunChecks {
  public let run: RunFolder
  public let kind: String
  public var configuration: any TranslatorConfiguration
  /// What is examined in place of the run's own weights.
  public var translator: () throws -> TrainedTranslator
  /// The images in place of those of the configuration's source.
  public var images: () throws -> RunImages
  let seed: UInt64

  /// Whether a run of a kind is one of a translator.
  public static func applies(toKind kind: String) -> Bool { [CycleGANTrainer.kind, CUTTrainer.kind].contains(kind) }

  /// - Parameter seed: of the noise that is added to pictures.
  /// - Throws: `InputError` when there is no run of a translator.
  public init(_ url: URL, seed: UInt64 = 0) throws {
    let run = try RunFolder(reading: url)
    kind = try run.readRecord().kind
    let configuration: any TranslatorConfiguration
    switch kind {
    case CycleGANTrainer.kind: configuration = try run.readRecord(of: CycleGANConfiguration.self).configuration
    case CUTTrainer.kind: configuration = try run.readRecord(of: CUTConfiguration.self).configuration
    default:
      throw InputError(at: run.record.path, expected: "a run of a translator", found: "one of \(kind)")
    }
    try configuration.check()
    self.run = run
    self.configuration = configuration
    self.seed = seed
    translator = { try TrainedTranslator(of: run, configuration) }
    images = { try RunImages(of: configuration) }
  }

  /// In the order of examination.
  public var steps: [Examination.Step] {
    let translations = Once { Translations(try translator(), on: try images()) }
    let history = Once { try RunHistory(of: run, configuration) }
    func step(
      _ check: Check, translating: Bool = false, images count: Int = 0, seconds: Double = 0,
      _ body: @escaping () throws -> Outcome
    ) -> Examination.Step {
      let first = Double(2 * RunImages.count)
      // The first that needs translations makes them for all.
      return Examination.Step(
        check,
        cost: (Double(count) + (translating && !translations.isMade ? first : 0)) * secondsPerImage + seconds
      ) {
        do {
          return try body()
        } catch let error as CannotCheck {
          return .notRun(error.reason)
        }
      }
    }
    return [
      step(.settings) { SettingsCheck(configuration).outcome },
      step(.finiteLosses) { try history.value().finiteLosses },
      step(.discriminatorBalance) { try history.value().discriminatorBalance },
      step(.modeCollapse, translating: true) { try TranslationChecks(translations.value()).modeCollapse() },
      step(.colourInversion, translating: true) { try TranslationChecks(translations.value()).colourInversion() },
      step(.identityGenerator, translating: true) { try TranslationChecks(translations.value()).identityGenerator() },
      step(.steganography, translating: true, images: 4 * RunImages.count) {
        try SteganographyCheck(translations.value(), seed: seed).outcome()
      },
      step(.outsideMask, translating: true) { try TranslationChecks(translations.value()).outsideMask() },
      // A features' network sees up to 128 training images twice, and as many held-out ones.
      step(.memorisation, translating: true, seconds: configuration.figures == nil ? 0 : 40) {
        try MemorisationCheck(translations.value(), configuration.figures).outcome()
      },
      step(.filmStrip) { try filmStrip() },
    ]
  }

  /// About: a generator as published takes a second for 256 pixels on two cores.
  private var secondsPerImage: Double {
    let (side, filters) = (Double(configuration.transform.size) / 256, Double(configuration.filters) / 64)
    return side * side * filters * filters * Double(configuration.blocks + 3) / 12
  }

  private func filmStrip() throws -> Outcome {
    let files = run.sampleFiles
    guard let last = files.last, let strip = try run.filmStrip() else {
      return Outcome(.warn, "no samples were drawn")
    }
    return Outcome(
      .pass, "\(files.count) samples up to step \(last.step)", measures: [.init("samples", Double(files.count))],
      pictures: [
        .init(
          caption: "The first image of the fixed batch, and what became of it", file: Array(try strip.encoded(as: .png))
        )
      ])
  }
}
