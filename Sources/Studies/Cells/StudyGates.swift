import Datasets
import Files
import Foundation
import Synthesis

/// Which of the images that are made where a mask says a study takes.
///
/// Gates know the training images of a part and nothing else. Whoever makes images for a training would look at them too, so
/// arms that make theirs are judged alike: translators and pasting. Controls are not.
public struct StudyGates: Codable, Equatable, Sendable {
  /// In the order of judgement.
  public let gates: [Gate]

  /// Gates that need nothing but the training images and the translator.
  static let known: [Gate] = [.change, .agreement, .memory, .seam, .discriminator]
  static let none = StudyGates([])
  /// As everywhere where defects are made by masks.
  static let standard = StudyGates([.change, .agreement])
  /// So many images are made at most for each that is wanted. A translator that draws nothing then gives few images, or none.
  static let attempts = 4

  init(_ gates: Set<Gate>) { self.gates = Gate.allCases.filter(gates.contains) }

  /// All that decides which images pass, besides the images and the training split.
  var identity: String { "\(Self.attempts) for 1 by \(gates.map(\.rawValue).joined(separator: ","))" }

  /// Makes images until `count` pass, or too many are made; then fewer stand there, or none.
  ///
  /// - Parameters:
  ///   - translator: whom the gate `discriminator` asks; without one there is no such gate.
  ///   - progress: called with the number of images that passed.
  func synthesize(
    _ count: Int, by synthesis: PlacedSynthesis<some DefectMaker>, library: DefectLibrary,
    translator: Translator? = nil,
    to folder: URL, progress: (Int) -> Void
  ) throws {
    let dataset = synthesis.places.dataset
    let judge =
      try gates.contains(.discriminator)
      ? translator.map { try DiscriminatorOpinion($0, on: dataset, library: library) } : nil
    let asked = Set(gates).subtracting(judge == nil ? [.discriminator] : [])
    guard !asked.isEmpty else {
      try synthesis.synthesize(count: count, to: folder, progress: progress)
      return
    }
    try synthesis.synthesize(
      passing: count, of: Self.attempts * count, to: folder,
      gates: DefectGates(
        GateSettings(gates: asked), on: dataset, library: library, judges: judge.map { [$0] } ?? []), progress: progress
    )
  }
}

/// What gates did to the images of one addition and defect, over all parts of a study.
struct GatedAddition {
  private var passed = 0
  private var refused: [String: Int] = [:]
  private var short: [String] = []

  /// - Parameters:
  ///   - wanted: number of images that were asked for.
  ///   - part: its title.
  mutating func add(_ made: Dataset, wanted: Int, part: String) throws {
    passed += made.images.count
    let beside = GatedSet.refusedFolder(of: made.folder)
    if FileManager.default.fileExists(atPath: beside.path) {
      for image in try Dataset(at: beside).images {
        let reason = image.provenance.synthetic?.refused.map(GatedSet.name(ofRefusal:)) ?? "unknown"
        refused[reason, default: 0] += 1
      }
    }
    if made.images.count < wanted {
      let place = part.isEmpty ? "" : " with \(part)"
      short.append("\(made.images.count) of \(wanted)\(place)")
    }
  }

  /// Such as "50 of 75 made passed, refused by agreement 25; fewer than wanted: 12 of 50 with split 2".
  var text: String {
    let made = passed + refused.values.reduce(0, +)
    var text = "\(passed) of \(made) made passed"
    if !refused.isEmpty {
      let reasons = refused.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      text += ", refused by \(reasons.joined(separator: ", "))"
    }
    return short.isEmpty ? text : text + "; fewer than wanted: \(short.joined(separator: ", "))"
  }
}
