import Datasets
import Files
import Foundation
import Synthesis

/// What the arms of a study add to its real images, made once and shared by every cell.
///
/// Folders are named after what decides their contents, so a changed study never takes over stale images.
public struct StudyAdditions {
  /// For each addition, in each number, the images of every defect class.
  public typealias Made = [StudyArm.Source: [String: Dataset]]

  private let settings: StudySettings
  private let data: StudyData
  /// Training defects that the part's fraction takes away, and where they stand.
  private let heldBack: [DatasetImage]
  private let whole: Dataset
  private let folder: URL
  private let translators: StudyTranslators

  init(
    _ settings: StudySettings, data: StudyData, heldBack: [DatasetImage], of whole: Dataset, folder: URL,
    translators: StudyTranslators
  ) {
    self.settings = settings
    self.data = data
    self.heldBack = heldBack
    self.whole = whole
    self.folder = folder
    self.translators = translators
  }

  /// Every addition that an arm has, made where it is not there yet.
  ///
  /// - Returns: nil when it was asked to stop; everything is then saved and the next call goes on.
  /// - Throws: `InputError` for what cannot be made, or was made from anything but the training split.
  func make(at fraction: Double?, shouldStop: () -> Bool, report: (StudyTranslators.Event) -> Void) throws -> Made? {
    var made: Made = [:]
    let wanted = Set(settings.arms(at: fraction).compactMap(\.source))
    for source in wanted.sorted(by: { $0.name < $1.name }) {
      let addition = source.addition
      for (index, defect) in settings.defects.enumerated() {
        let count = settings.synthetic.images(real: data.count(data.train, index + 1), factor: source.factor)
        guard count > 0 else {
          throw InputError(at: "synthetic", expected: "at least one image of \(defect)", found: "none")
        }
        let maker: Maker
        switch addition {
        case .synthetic:
          guard let own = try translators.maker(of: defect, shouldStop: shouldStop, report: report) else { return nil }
          maker = own
        case .copyPaste: maker = try paster(of: defect)
        case .placebo: maker = try placebo(of: defect)
        case .oracle: maker = try oracle(of: defect)
        }
        let target = try url(defect, maker, count)
        if !FileManager.default.fileExists(atPath: target.path) {
          try maker.make(count, target) { report(.synthesizing(defect: defect, done: $0, total: count)) }
        }
        let images = try Dataset(at: target)
        try addition == .oracle ? checkHeldBack(images) : checkSources(images)
        made[source, default: [:]][defect] = images
      }
    }
    return made
  }

  /// Something that writes so many images of a defect as a data set.
  struct Maker {
    /// What kind it is, for the folder's name; empty for translators.
    let kind: String
    /// All that decides its images but their number, the data set and the gates.
    let identity: [String]
    /// Who judges them; nil for nobody.
    var gates: StudyGates?
    let make: (_ count: Int, _ target: URL, _ progress: (Int) -> Void) throws -> Void
  }

  private var seed: UInt64 { UInt64(settings.translator.training?.seed ?? 0) }

  private func paster(of defect: String) throws -> Maker {
    try maker("copy-paste-", DefectPaster(data.dataset), of: defect, gates: settings.gates)
  }

  /// Puts the shapes of real training defects on clean training images.
  private func maker(
    _ kind: String, _ maker: some DefectMaker, of defect: String, gates: StudyGates? = nil
  ) throws -> Maker {
    Maker(kind: kind, identity: [maker.model, "\(seed)"], gates: gates) { count, target, progress in
      let library = try DefectLibrary(of: data.dataset, classes: [defect])
      let synthesis = try PlacedSynthesis(
        maker, on: data.dataset, shapes: library, placer: DefectPlacer(), seed: seed)
      try (gates ?? .none).synthesize(count, by: synthesis, library: library, to: target, progress: progress)
    }
  }

  private func placebo(of defect: String) throws -> Maker {
    if settings.network.isSegmenter { return try maker("placebo-", UntouchedSurface(), of: defect) }
    let identity = ["\(Placebo.version)", "\(settings.imageSize)", "\(seed)"]
    return Maker(kind: "placebo-", identity: identity) { count, target, progress in
      try Placebo(data: data, size: settings.imageSize, seed: seed).write(
        count, as: defect, to: target, progress: progress)
    }
  }

  private func oracle(of defect: String) throws -> Maker {
    let images = heldBack.filter { whole.className(of: $0) == defect }
    guard !images.isEmpty else {
      throw InputError(
        at: "oracle", expected: "training images of \(defect) that the fraction holds back", found: "none",
        remedy: "Leave out fractions so near to 1")
    }
    return Maker(kind: "oracle-", identity: images.map(\.provenance.sha256)) { count, target, progress in
      try whole.copy(
        Array(images.prefix(count)), to: target, description: "\(defect) that was held back",
        progress: { done, _ in progress(done) })
    }
  }

  private func url(_ defect: String, _ maker: Maker, _ count: Int) throws -> URL {
    // The order of the parts is what earlier versions hashed.
    let parts =
      Array(maker.identity.prefix(1)) + [data.hash, "\(count)"] + maker.identity.dropFirst()
      + [maker.gates?.identity].compactMap { $0 }
    let name = "\(maker.kind)\(StudyTranslators.fileName(defect))-\(try StudyTranslators.hash(parts))"
    return folder.appendingPathComponent("synthetic").appendingPathComponent(name)
  }

  /// What an oracle has must be real, and of no group that is held out.
  private func checkHeldBack(_ images: Dataset) throws {
    let held = Set((data.validation + data.test).map(\.image.group))
    if let image = images.images.first(where: { $0.isSynthetic || held.contains($0.group) }) {
      throw InputError(
        at: images.url(of: image).path, expected: "a real defect of the training split", found: "another",
        remedy: "Remove \(images.folder.path) to make it again")
    }
  }

  /// Every image must come from a clean image of this data set's training split, and its defect from a defective one.
  private func checkSources(_ made: Dataset) throws {
    let clean = Set(data.train.filter { $0.label == 0 }.map(\.image.fileName))
    let defective = Set(data.train.filter { $0.label > 0 }.map(\.image.fileName))
    for image in made.images {
      let synthetic = image.provenance.synthetic
      guard let synthetic, synthetic.sourceSplit == Split.train.rawValue, clean.contains(synthetic.source) else {
        throw InputError(
          at: made.url(of: image).path, expected: "a synthetic image of a clean training image",
          found: synthetic.map { "one of \($0.source) (\($0.sourceSplit))" } ?? "no record of its source",
          remedy: "Remove \(made.folder.path) to make it again")
      }
      if let defect = synthetic.defectSource, !defective.contains(defect.source) {
        throw InputError(
          at: made.url(of: image).path, expected: "a defect of a training image", found: "one of \(defect.source)",
          remedy: "Remove \(made.folder.path) to make it again")
      }
    }
  }
}
