import Files
import Foundation
import Synthesis
import Training
import Yams

/// Reads a study file: YAML whose every key is known and checked.
///
/// ```yaml
/// name: tiles-blowhole              # required
/// preset: standard                  # quick, standard or paper: what holds where a key is left out
/// dataset: ../datasets/tiles        # required; a folder, relative to this file
/// clean: free                       # required; the class without defects
/// defects: [blowhole]               # required; one class or several
/// question: Do they help?           # default: made from the above
/// splits: 3                         # divide the data anew, so many times (at least 3, or quick), or
///                                   # {seeds: [1, 2, 3], train: 0.6, validation: 0.2, test: 0.2}; default: its own split
/// fractions: [0.1, 0.25, 0.5, 1]    # how many of the real training defects there are; default: all
/// task: classification              # default; or segmentation, which needs masks
/// size: 64                          # pixels shown to classifiers, a multiple of 4 in 32...1024
/// seeds: 5                          # a count of at least 5 (seeds 1, 2, …), or a list; with several splits 1 is enough
/// quick: false                      # true allows fewer than 5 seeds, and the verdict then says so
/// arms: [real, synthetic, oversampling, class-weights, augmentation]   # default; the first two are required. Others:
///                                   # effective-number, copy-paste (needs masks), placebo, oracle (real
///                                   # defects that a fraction holds back), and an addition with a treatment:
///                                   # synthetic+oversampling, copy-paste+augmentation, …; synthetic@2 has twice as
///                                   # many synthetic images as 'synthetic' says, synthetic@0.5 half as many
/// classifier: {width: 16, steps: 300, batch: 32, learning-rate: 0.001, weight-decay: 0.01, precision: fp32,
///              fit: stretch,        # all of an image that is no square; crop shows its middle, with true shapes
///              schedule: cosine,    # or step: to a tenth after each third of the steps
///              keep: last,          # or best: the weights that are best on the validation split
///              stem: compact}       # or imagenet; with width: 64 and weights: resnet18.safetensors for torchvision's
/// # segmenter: {window: 64, defect-share: 0.5, width: 16, depth: 4, steps: 400, batch: 16, learning-rate: 0.001,
/// #             weight-decay: 0.01, precision: fp32, schedule: cosine, keep: last}  # in its place, of task segmentation
/// translator:                       # either an existing run (for several defects: one for each class) …
///   run: ../runs/blowhole
/// # translator: {steps: 2000, batch: 1, filters: 32, discriminator-filters: 64, blocks: 6, learning-rate: 0.0002,
/// #              cycle: 10, identity: 0.5, seed: 0}                      # … or how to train one (default)
/// # translator: {window: 64, batch: 4, precision: bf16}                  # … or one that makes defects where masks say
/// synthetic: {ratio: 1}             # synthetic images for each real defect image, or {count: 200} for each class
/// gates: [change, agreement]        # default; judge images of translators with a window, and pasted ones, and may be some of
///                                   # change, agreement, memory, seam, discriminator, or none: []. Up to four images
///                                   # are made for each that is wanted; where too few pass, there are fewer
/// primary: average-precision        # the figure that decides; of segmentation dice; any of StudyFigure's
/// false-alarm-rate: 0.05
/// miss-cost: 10                     # how many false alarms a missed defect costs, for cost-saved
/// bootstrap: {replicates: 2000, confidence: 0.95, seed: 0}
/// smallest-effect: 0.02             # the smallest difference of the primary figure that matters
/// ```
public enum StudyFile {
  private static let sizeLimit = 256 << 10

  /// - Parameter preset: for a file that names none.
  /// - Throws: `InputError` with file, line and key for whatever is missing, unknown or out of range.
  public static func read(from url: URL, preset: StudyPreset? = nil) throws -> StudySettings {
    guard let handle = try? FileHandle(forReadingFrom: url),
      let data = try? handle.read(upToCount: sizeLimit + 1)
    else { throw InputError(at: url.path, expected: "a readable study file", found: "none that can be read") }
    guard data.count <= sizeLimit, let text = String(data: data, encoding: .utf8) else {
      throw InputError(
        at: url.path, expected: "at most \(sizeLimit >> 10) KiB of YAML in UTF-8",
        found: data.count > sizeLimit ? "more" : "bytes that are not UTF-8")
    }
    return try parse(text, file: url.path, preset: preset)
  }

  /// - Parameter file: how errors name the text.
  /// - Throws: as `read(from:)`.
  public static func parse(_ text: String, file: String, preset: StudyPreset? = nil) throws -> StudySettings {
    guard let root = try compose(text, file: file) else {
      throw InputError(at: file, expected: "a study", found: "an empty file")
    }
    let written = try YAMLMapping(root, file: file)
    try written.refuseKeys(except: [
      "name", "preset", "question", "dataset", "clean", "defects", "splits", "fractions", "size", "seeds", "quick",
      "arms", "task", "classifier", "segmenter", "primary", "miss-cost", "translator", "synthetic", "gates",
      "false-alarm-rate", "bootstrap", "smallest-effect",
    ])
    let map = try filled(written, preset)
    let clean = try map.required("clean", map.string("clean"), example: "free")
    let defects = try map.required("defects", map.strings("defects"), example: "[blowhole]")
    guard !defects.isEmpty, Set(defects).count == defects.count, !defects.contains(clean) else {
      throw InputError(
        at: map.place("defects"), expected: "one or more classes, all different and none of them '\(clean)'",
        found: defects.isEmpty ? "none" : defects.joined(separator: ", "))
    }
    let imageSize = try map.int("size", in: 32...1024, default: 64)
    guard imageSize % 4 == 0 else {
      throw InputError(at: map.place("size"), expected: "a multiple of 4", found: "\(imageSize)")
    }
    let quick = try map.bool("quick") ?? false
    let splits = try splits(map, quick: quick)
    let fractions = try fractions(map)
    let network = try network(map, written: written)
    let arms = try arms(map, written: written, fractions: fractions, network: network)
    let named = defects.joined(separator: ", ")
    let translator = try translator(
      map, defects: defects, isDivided: splits != nil || fractions != nil, needsMasks: network.isSegmenter)
    return StudySettings(
      name: try map.required("name", map.string("name"), example: "tiles-blowhole"),
      question: try map.string("question")
        ?? "Do synthetic images (\(named)), on top of all real ones, improve the \(network.name)?",
      dataset: try map.required("dataset", map.string("dataset"), example: "../datasets/tiles"),
      splits: splits, fractions: fractions, clean: clean, defects: defects, imageSize: imageSize,
      seeds: try seeds(map, quick: quick, splits: splits), quick: quick,
      arms: arms, network: network, primary: try primary(map, network),
      translator: translator, synthetic: try synthetic(map),
      gates: try gates(map, written: written, translator: translator, arms: arms),
      falseAlarmRate: try map.double("false-alarm-rate", in: 0.0001...0.5, default: 0.05),
      missCost: try map.double("miss-cost", in: 0.01...1_000_000, default: 10),
      bootstrap: try bootstrap(map), smallestEffect: try map.double("smallest-effect", in: 0.0001...1, default: 0.02))
  }

  /// With what the preset says where the file says nothing.
  private static func filled(_ map: YAMLMapping, _ given: StudyPreset?) throws -> YAMLMapping {
    var preset = given
    if let name = try map.string("preset") {
      let known = StudyPreset.allCases.map(\.rawValue)
      guard let named = StudyPreset(rawValue: name) else {
        throw InputError(at: map.place("preset"), expected: known.joined(separator: ", "), found: "'\(name)'")
      }
      guard given == nil || given == named else {
        throw InputError(
          at: map.place("preset"), expected: "the preset of the command, \(given?.rawValue ?? "")", found: name,
          remedy: "Leave out either")
      }
      preset = named
    }
    guard let preset, let root = try compose(preset.text, file: "preset \(preset.rawValue)") else { return map }
    return map.filled(from: try YAMLMapping(root, file: "preset \(preset.rawValue)"), leaving: "run")
  }

  private static func compose(_ text: String, file: String) throws -> Node? {
    do {
      return try Yams.compose(yaml: text)
    } catch let error as YamlError {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        throw InputError(at: "\(file):\(mark.line)", expected: "YAML", found: problem)
      case .duplicatedKeysInMapping(let duplicates, let context):
        throw InputError(
          at: "\(file):\(context.mark.line)", expected: "each key once",
          found: "\(duplicates.sorted().joined(separator: ", ")) again")
      default:
        throw InputError(
          at: file, expected: "YAML", found: "\(error)".split(separator: "\n").first.map(String.init) ?? "")
      }
    }
  }

  private static func arms(
    _ map: YAMLMapping, written: YAMLMapping, fractions: [Double]?, network: StudyNetwork
  ) throws -> [StudyArm] {
    guard let names = try map.strings("arms") else { return network.fitting(StudyArm.standard) }
    let known = StudyArm.all.map(\.rawValue)
    let arms = try names.map { name in
      guard let arm = StudyArm(rawValue: name) else {
        let nearest = NearestName.suggestion(for: name, among: known).map { "Did you mean '\($0)'? " } ?? ""
        throw InputError(
          at: map.place("arms"), expected: "known arms", found: "'\(name)'",
          remedy: "\(nearest)Known: \(known.joined(separator: ", "))")
      }
      return arm
    }
    guard Set(arms).count == arms.count, arms.contains(.real), arms.contains(.synthetic) else {
      throw InputError(
        at: map.place("arms"), expected: "real, synthetic and any others, each once",
        found: names.joined(separator: ", "), remedy: "The verdict compares 'synthetic' with 'real'")
    }
    guard !arms.contains(where: { $0.addition == .oracle }) || fractions?.first ?? 1 < 1 else {
      throw InputError(
        at: map.place("arms"), expected: "fractions below 1 beside an oracle, which gets what they hold back",
        found: "all real defects in training", remedy: "Add 'fractions: [0.5, 1]', or leave the oracle out")
    }
    guard written.has("arms") else { return network.fitting(arms) }
    guard network.fitting(arms) == arms else {
      throw InputError(
        at: map.place("arms"),
        expected:
          "oversampling, which lets half of the windows show a defect, only with 'segmenter.defect-share' below it",
        found: "as large a share in every arm", remedy: "Leave oversampling out, or write 'defect-share: 0'")
    }
    return arms
  }

  private static func synthetic(_ map: YAMLMapping) throws -> SyntheticAmount {
    guard let inner = try map.mapping("synthetic") else { return .ratio(1) }
    try inner.refuseKeys(except: ["ratio", "count"])
    switch (try inner.double("ratio", in: 0.01...100), try inner.int("count", in: 1...1_000_000)) {
    case (let ratio?, nil): return .ratio(ratio)
    case (nil, let count?): return .count(count)
    default:
      throw InputError(
        at: map.place("synthetic"), expected: "either 'ratio' or 'count'",
        found: inner.has("ratio") ? "both" : "neither")
    }
  }

  /// - Parameter written: where gates that nothing passes through are refused.
  private static func gates(
    _ map: YAMLMapping, written: YAMLMapping, translator: TranslatorSettings, arms: [StudyArm]
  ) throws -> StudyGates? {
    // Of an existing run it is not known before it is read whether it learned from masks.
    let judgesSome =
      translator.training == nil || translator.training?.window != nil
      || arms.contains { $0.addition == .copyPaste }
    guard let names = try map.strings("gates") else { return judgesSome ? .standard : nil }
    let gates = try names.map { name in
      guard let gate = Gate(rawValue: name), StudyGates.known.contains(gate) else {
        throw InputError(
          at: map.place("gates"),
          expected: "some of \(StudyGates.known.map(\.rawValue).joined(separator: ", ")), or []",
          found: "'\(name)'")
      }
      return gate
    }
    guard judgesSome || gates.isEmpty else {
      throw InputError(
        at: written.place("gates"), expected: "images that are made where masks say, for gates to judge",
        found: "none", remedy: "Write 'translator: {window: 64}', or leave the gates out")
    }
    return gates.isEmpty ? nil : StudyGates(Set(gates))
  }

  private static func bootstrap(_ map: YAMLMapping) throws -> BootstrapSettings {
    let inner = try map.mapping("bootstrap")
    try inner?.refuseKeys(except: ["replicates", "confidence", "seed"])
    return BootstrapSettings(
      replicates: try inner?.int("replicates", in: 100...100_000) ?? 2000,
      confidence: try inner?.double("confidence", in: 0.5...0.999) ?? 0.95,
      seed: try inner?.int("seed", in: 0...Int(Int32.max)) ?? 0)
  }
}
