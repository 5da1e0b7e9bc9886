import Runs

/// Counts and spreads by class, of the files, and of classes that meet.
struct ClassSummary {
  let facts: [InspectionRecord.ClassFacts]
  let files: InspectionRecord.FileFacts
  let overlaps: [InspectionRecord.Overlap]
  let samples: [InspectionRecord.Sample]

  /// Of each class; of more classes than `mostClasses`, the first ones.
  private static let sampleSize = 8
  private static let mostClasses = 16

  init(_ survey: Survey) {
    facts = survey.dataset.classNames.indices.map { Self.facts(ofClass: $0, survey) }
    files = Self.files(survey)
    overlaps = Self.overlaps(survey)
    samples = survey.dataset.classNames.indices.prefix(Self.mostClasses).compactMap { Self.sample(ofClass: $0, survey) }
  }

  private static func sample(ofClass index: Int, _ survey: Survey) -> InspectionRecord.Sample? {
    let members = survey.readable.map(\.index).filter { survey.classIndices[$0] == index }
    guard !members.isEmpty else { return nil }
    let count = min(sampleSize, members.count)
    return InspectionRecord.Sample(
      className: survey.dataset.classNames[index],
      images: (0..<count).map { survey.images[members[$0 * members.count / count]].fileName })
  }

  private static func facts(ofClass index: Int, _ survey: Survey) -> InspectionRecord.ClassFacts {
    let members = survey.images.indices.filter { survey.classIndices[$0] == index }
    var splits: [String: Int] = [:]
    for member in members { splits[survey.images[member].split?.rawValue ?? "none", default: 0] += 1 }
    let looks = members.compactMap(survey.facts)
    let category = index == 0 ? nil : survey.dataset.categories[index - 1].id
    var (masks, boxes, wholes, holding) = (0, 0, 0, 0)
    var areas: [Double] = [], coverage: [Double] = []
    for (place, image) in survey.images.enumerated() where category != nil {
      let labels = image.annotations.filter { $0.categoryID == category }
      guard !labels.isEmpty else { continue }
      holding += 1
      for label in labels {
        if label.segmentation != nil {
          masks += 1
        } else if label.isOfWholeImage(image.width, image.height) {
          wholes += 1
        } else {
          boxes += 1
        }
      }
      guard let defects = survey.facts(place)?.defects else { continue }
      areas += defects.defects.filter { Int($0.category) == category }.map { Double($0.area) }
      coverage += defects.covers.filter { Int($0.category) == category }.map {
        Double($0.area) / Double(image.width * image.height)
      }
    }
    return InspectionRecord.ClassFacts(
      name: survey.dataset.classNames[index], images: members.count,
      holding: category == nil ? members.count : holding,
      groups: Set(members.map { survey.images[$0].group }).count, splits: splits,
      synthetic: members.count { survey.images[$0].isSynthetic },
      brightness: .init(looks.map { $0.measures[.brightness] }), contrast: .init(looks.map { $0.measures[.contrast] }),
      masks: masks, boxes: boxes, wholes: wholes, defects: areas.count, defectArea: .init(areas),
      coverage: .init(coverage))
  }

  private static func files(_ survey: Survey) -> InspectionRecord.FileFacts {
    let readable = survey.readable
    func counted<Key: Hashable>(_ key: (Int, ImageFacts) -> Key, _ name: (Key) -> String) -> [InspectionRecord.Counted]
    {
      var counts: [Key: Int] = [:]
      for (index, facts) in readable { counts[key(index, facts), default: 0] += 1 }
      return counts.map { InspectionRecord.Counted(name($0.key), $0.value) }
        .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
    return InspectionRecord.FileFacts(
      formats: counted({ $1.format }, \.rawValue),
      sizes: counted({ index, _ in [survey.images[index].width, survey.images[index].height] }) {
        "\($0[0]) × \($0[1])"
      },
      width: .init(readable.map { Double(survey.images[$0.index].width) }),
      height: .init(readable.map { Double(survey.images[$0.index].height) }),
      bits: counted({ $1.bits }) { "\($0) bits" }, colours: counted({ $1.colour }, \.title),
      bytes: .init(readable.map { Double($0.facts.bytes) }))
  }

  private static func overlaps(_ survey: Survey) -> [InspectionRecord.Overlap] {
    struct Sum { var images = 0, pixels = 0, sharing = 0 }
    var sums: [[Int]: Sum] = [:]
    for (index, image) in survey.images.enumerated() {
      let held = Set(image.annotations.map(\.categoryID)).sorted()
      guard held.count > 1 else { continue }
      for (place, one) in held.enumerated() {
        for other in held.dropFirst(place + 1) { sums[[one, other], default: Sum()].images += 1 }
      }
      for meeting in survey.facts(index)?.defects.meetings ?? [] {
        let pair = meeting.categories.map(Int.init)
        sums[pair, default: Sum()].pixels += Int(meeting.pixels)
        sums[pair, default: Sum()].sharing += 1
      }
    }
    let names = Dictionary(
      survey.dataset.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    return sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { pair, sum in
      InspectionRecord.Overlap(
        classes: pair.map { names[$0] ?? "" }, images: sum.images, pixels: sum.pixels,
        imagesSharingPixels: sum.sharing)
    }
  }
}
