import Files

/// How often everything is repeated, and on which parts of the data.
extension StudyFile {
  static func seeds(_ map: YAMLMapping, quick: Bool, splits: SplitSettings?) throws -> [Int] {
    let list = try map.ints("seeds", in: 0...Int(Int32.max))
    // With several splits the splits are what is repeated.
    let fewest = (splits?.seeds.count ?? 1) > 1 ? 1 : StudySettings.fewestSeeds
    let seeds =
      try list ?? Array(1...map.int("seeds", in: 1...1000, default: fewest))
    guard Set(seeds).count == seeds.count, !seeds.isEmpty else {
      throw InputError(at: map.place("seeds"), expected: "seeds that are all different", found: "\(seeds)")
    }
    guard seeds.count >= fewest || quick else {
      throw InputError(
        at: map.place("seeds"), expected: "at least \(fewest) seeds", found: "\(seeds.count)",
        remedy: "Add 'quick: true' to rehearse with fewer; the verdict then says so")
    }
    return seeds
  }

  static func splits(_ map: YAMLMapping, quick: Bool) throws -> SplitSettings? {
    guard map.has("splits") else { return nil }
    let inner = map.isMapping("splits") ? try map.mapping("splits") : nil
    try inner?.refuseKeys(except: ["seeds", "train", "validation", "test"])
    let seeds =
      try inner?.ints("seeds", in: 0...Int(Int32.max))
      ?? Array(1...(inner == nil ? map.int("splits", in: 1...1000) ?? 3 : 3))
    guard Set(seeds).count == seeds.count, !seeds.isEmpty else {
      throw InputError(at: map.place("splits"), expected: "seeds that are all different", found: "\(seeds)")
    }
    guard seeds.count == 1 || seeds.count >= StudySettings.fewestSplits || quick else {
      throw InputError(
        at: map.place("splits"), expected: "one split, or at least \(StudySettings.fewestSplits)",
        found: "\(seeds.count)",
        remedy: "Add 'quick: true' to rehearse with fewer; the verdict then says so")
    }
    let result = SplitSettings(
      seeds: seeds, train: try inner?.double("train", in: 0.01...0.98) ?? 0.6,
      validation: try inner?.double("validation", in: 0.01...0.98) ?? 0.2,
      test: try inner?.double("test", in: 0.01...0.98) ?? 0.2)
    guard abs(result.train + result.validation + result.test - 1) < 1e-6 else {
      throw InputError(
        at: map.place("splits"), expected: "shares that add up to 1",
        found: "\(result.train), \(result.validation) and \(result.test)")
    }
    return result
  }

  static func fractions(_ map: YAMLMapping) throws -> [Double]? {
    guard let fractions = try map.doubles("fractions", in: 0.0001...1) else { return nil }
    guard !fractions.isEmpty, Set(fractions).count == fractions.count else {
      throw InputError(
        at: map.place("fractions"), expected: "one or more shares, all different",
        found: fractions.isEmpty ? "none" : "\(fractions)")
    }
    return fractions.sorted()
  }
}
