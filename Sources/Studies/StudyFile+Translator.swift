import Files
import Training

/// Where synthetic images come from.
extension StudyFile {
  static func translator(
    _ map: YAMLMapping, defects: [String], isDivided: Bool, needsMasks: Bool
  ) throws -> TranslatorSettings {
    let inner = try map.mapping("translator")
    let training = [
      "window", "steps", "batch", "filters", "discriminator-filters", "blocks", "learning-rate", "cycle", "identity",
      "seed", "precision",
    ]
    try inner?.refuseKeys(except: ["run"] + training)
    if let inner, inner.has("run") {
      guard !isDivided else {
        throw InputError(
          at: inner.place("run"), expected: "how to train a translator, where there are splits or fractions",
          found: "a run, which may have seen what they hold back", remedy: "Write 'steps' and the like instead")
      }
      if let extra = training.first(where: inner.has) {
        throw InputError(
          at: inner.place(extra), expected: "nothing beside 'run'", found: "'\(extra)'",
          remedy: "An existing run is used as it is: remove either")
      }
      return TranslatorSettings(runs: try runs(inner, defects: defects), training: nil)
    }
    let window = try inner?.int("window", in: 32...1024)
    if let inner, let window, window % 4 != 0 {
      throw InputError(at: inner.place("window"), expected: "a multiple of 4", found: "\(window)")
    }
    guard window != nil || !needsMasks else {
      throw InputError(
        at: inner?.place("window") ?? map.place("translator"),
        expected: "a window: a segmenter needs translators that make defects where masks say", found: "none",
        remedy: "Write 'translator: {window: 64}'")
    }
    return TranslatorSettings(
      runs: [:],
      training: TranslatorTraining(
        window: window, steps: try inner?.int("steps", in: 1...10_000_000) ?? 2000,
        batchSize: try inner?.int("batch", in: 1...1024) ?? 1,
        filters: try inner?.int("filters", in: 4...256) ?? 32,
        discriminatorFilters: try inner?.int("discriminator-filters", in: 4...256) ?? 64,
        blocks: try inner?.int("blocks", in: 1...32) ?? 6,
        learningRate: try inner?.double("learning-rate", in: 1e-8...1) ?? 0.0002,
        cycleWeight: try inner?.double("cycle", in: 0...1000) ?? (window == nil ? 10 : nil),
        identityWeight: try inner?.double("identity", in: 0...100) ?? 0.5,
        seed: try inner?.int("seed", in: 0...Int(Int32.max)) ?? 0, precision: try inner?.choice("precision")))
  }

  private static func runs(_ map: YAMLMapping, defects: [String]) throws -> [String: String] {
    guard map.isMapping("run") else {
      guard let only = defects.first, defects.count == 1 else {
        throw InputError(
          at: map.place("run"), expected: "a run for each of \(defects.joined(separator: ", "))", found: "one run",
          remedy: "Write 'run:' with one line 'CLASS: PATH' for each class")
      }
      return [only: try map.required("run", map.string("run"), example: "../runs/\(only)")]
    }
    guard let inner = try map.mapping("run") else { return [:] }
    try inner.refuseKeys(except: defects)
    return try Dictionary(
      uniqueKeysWithValues: defects.map { defect in
        (defect, try inner.required(defect, inner.string(defect), example: "../runs/\(defect)"))
      })
  }
}
