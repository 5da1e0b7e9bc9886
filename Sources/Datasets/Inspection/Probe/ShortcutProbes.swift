/// The pairs of sides that a data set is probed for.
struct ShortcutProbes {
  private let survey: Survey
  private let seed: UInt64
  /// Without a clean class, each class is probed against the others; of more classes than this, none is.
  private static let mostClasses = 12

  init(_ survey: Survey, seed: UInt64) {
    self.survey = survey
    self.seed = seed
  }

  func all() -> [ShortcutProbe.Outcome] { probes.map { $0.run(survey, seed: seed) } }

  private var probes: [ShortcutProbe] {
    let images = survey.images
    let real = images.indices.filter { !images[$0].isSynthetic }
    func both(_ kind: String, _ sides: [String], _ first: [Int], _ second: [Int]) -> ShortcutProbe? {
      first.isEmpty || second.isEmpty ? nil : ShortcutProbe(kind: kind, sides: sides, images: [first, second])
    }
    var result: [ShortcutProbe?] = []
    let clean = real.filter { images[$0].isClean }
    result.append(both("clean-defective", ["clean", "defective"], clean, real.filter { !images[$0].isClean }))
    let train = real.filter { images[$0].split == .train }
    result.append(
      both("train-validation", ["train", "validation"], train, real.filter { images[$0].split == .validation }))
    result.append(both("train-test", ["train", "test"], train, real.filter { images[$0].split == .test }))
    result.append(
      both(
        "real-synthetic", ["real defective", "synthetic"], real.filter { !images[$0].isClean },
        images.indices.filter { images[$0].isSynthetic && !images[$0].isClean }))
    let names = survey.dataset.classNames
    let used = names.indices.filter { index in real.contains { survey.classIndices[$0] == index } }
    if clean.isEmpty, used.count > 1, used.count <= Self.mostClasses {
      for index in used {
        let members = real.filter { survey.classIndices[$0] == index }
        guard members.count >= ShortcutProbe.fewestImages else { continue }
        result.append(
          both("class-others", ["others", names[index]], real.filter { survey.classIndices[$0] != index }, members))
      }
    }
    return result.compactMap { $0 }
  }
}
