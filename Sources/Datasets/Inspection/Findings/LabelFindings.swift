import Runs

/// Labels that contradict file names, masks that are odd, and classes that share pixels.
struct LabelFindings {
  private let survey: Survey

  init(_ survey: Survey) { self.survey = survey }

  typealias Finding = InspectionRecord.Finding

  var all: [Finding] { [names, wholes, coveringAll, otherFigures, specks, sharing].compactMap { $0 } }

  private var names: Finding? {
    let search = LabelNames(survey.dataset)
    guard let disagreeing = search.disagreeing, !disagreeing.isEmpty else { return nil }
    let labels = disagreeing.reduce(0) { $0 + $1.labels }
    let total = survey.images.reduce(0) { $0 + max(1, $1.annotations.count) }
    return Finding(
      .warning, "labels-other-than-names",
      title:
        "\(labels) of \(total) labels, in \(Plural.images(disagreeing.count)), \(labels == 1 ? "names" : "name") a class "
        + "other than the file's name does",
      meaning:
        "Most files bear the name of their class, these that of another: a slip of whoever labelled, or two defects "
        + "in one picture.", remedy: "Look at each; mend the label or rename the file.",
      cases: disagreeing.map { entry in
        .init([survey.images[entry.image].fileName], "named \(entry.named), labelled \(entry.labelled)")
      })
  }

  /// Labels of whole images in classes whose defects are otherwise marked: most often an empty mask.
  private var wholes: Finding? {
    var marked: [Int: Int] = [:], whole: [Int: [Int]] = [:]
    for (index, image) in survey.images.enumerated() {
      for label in image.annotations {
        if label.isOfWholeImage(image.width, image.height) {
          whole[label.categoryID, default: []].append(index)
        } else {
          marked[label.categoryID, default: 0] += 1
        }
      }
    }
    let names = Dictionary(
      survey.dataset.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    let cases = whole.sorted { $0.key < $1.key }.flatMap { category, images -> [Finding.Case] in
      guard let others = marked[category], others >= images.count else { return [] }
      return images.map { .init([survey.images[$0].fileName], names[category] ?? "") }
    }
    guard !cases.isEmpty else { return nil }
    return Finding(
      .warning, "labels-without-mask",
      title:
        "\(Plural.of(cases.count, "label has", "labels have")) neither mask nor box, where most of the class have one",
      meaning:
        "Their mask was empty at the import or missing, or their box is the whole image: the defect is there and nobody "
        + "says where.",
      remedy: "Draw the mask, or make the image clean if there is nothing to see.", cases: cases)
  }

  private func cases(_ oddities: Set<ImageDefects.Oddity>) -> [Finding.Case] {
    survey.readable.filter { !oddities.isDisjoint(with: $0.facts.defects.oddities) }.map {
      .init([survey.images[$0.index].fileName], survey.labels(of: $0.index))
    }
  }

  private var coveringAll: Finding? {
    let cases = cases([.coversAll])
    guard !cases.isEmpty else { return nil }
    return Finding(
      .warning, "masks-cover-all",
      title:
        "\(Plural.of(cases.count, "mask covers", "masks cover")) \(Int(ImageDefects.allShare * 100)) % of the image or more",
      meaning: "Inverted masks look like this, and so does a label of the whole image drawn as a mask.",
      remedy: "Look whether defect and background were swapped.", cases: cases)
  }

  private var otherFigures: Finding? {
    let cases = cases([.otherArea, .otherBox])
    guard !cases.isEmpty else { return nil }
    return Finding(
      .warning, "boxes-other-than-masks",
      title: "\(Plural.images(cases.count)) \(Plural.have(cases.count)) a box or an area that is not that of the mask",
      meaning: "One of both was edited and the other left behind.",
      remedy: "Import again, which measures both from the mask.",
      cases: cases)
  }

  private var specks: Finding? {
    let cases = cases([.onlySpecks])
    guard !cases.isEmpty else { return nil }
    return Finding(
      .note, "masks-of-specks",
      title:
        "\(Plural.of(cases.count, "mask consists", "masks consist")) of specks of at most \(ImageDefects.speck) px",
      meaning: "Slips of the brush, or what is left after making a mask smaller.",
      remedy: "Look at them; 'patina crop --minimum-area' passes over such defects.", cases: cases)
  }

  private var sharing: Finding? {
    let cases = survey.readable.filter { !$0.facts.defects.meetings.isEmpty }.map { index, facts in
      Finding.Case(
        [survey.images[index].fileName],
        "\(survey.labels(of: index)): \(facts.defects.meetings.reduce(0) { $0 + Int($1.pixels) }) px shared")
    }
    guard !cases.isEmpty else { return nil }
    return Finding(
      .note, "shared-pixels",
      title: "\(Plural.images(cases.count)) \(Plural.have(cases.count)) pixels of several classes",
      meaning: "A network with one class for each pixel cannot be right there.",
      remedy: "Decide which class is on top, or train with one output for each class.", cases: cases)
  }
}
