import Files
import Foundation
import Runs

/// A study as one page: the verdict first, then what it rests on.
public struct StudyReport {
  private let results: StudyResults
  private let library: ChartLibrary
  private let folder: URL

  /// - Parameter folder: the study's folder; picture paths are relative to it.
  public init(results: StudyResults, folder: URL, library: ChartLibrary) {
    self.results = results
    self.folder = folder
    self.library = library
  }

  /// The page's source.
  ///
  /// - Throws: `InputError` for a picture that cannot be shown.
  public func html() throws -> String {
    let charts = StudyCharts(results)
    let precision = charts.precisionRecall
    let body: HTML = """
      <header><h1>\(results.name)</h1>
      <p class="question">\(results.question)</p></header>
      <main>
      \(verdict)
      \(warnings)
      <h2>How much the arms differ</h2>
      \(charts.differences.figure(caption: differencesCaption))
      \(differences)
      \(StudyCurveSection(results: results).html(level: level))
      <h2>What each arm reached</h2>
      \(charts.arms.figure(caption: armsCaption))
      \(figures)
      \(confusions)
      <h2>Precision and recall</h2>
      <p class="quiet">Precision at a recall is the best that any threshold reaches at that recall or above, averaged over \
      the seeds. The average precision in the tables does without this smoothing.</p>
      <div class="pair">\(precision.map { $0.figure(caption: "\($0.description)") })</div>
      \(try pictures())
      <h2>Training</h2>
      \(charts.composition.figure(caption: "Training images by arm. Clean images are left out of the chart."))
      \(composition)
      \(charts.loss.map { $0.figure(caption: lossCaption) } ?? .empty)
      <h2>How it was made</h2>
      \(method)
      \(Table.facts(results.facts.map { ($0.key, $0.value) }))
      </main>
      """
    return try ReportPage(title: "\(results.name): study", body: body, charts: charts.all, library: library).source()
  }

  private var verdict: HTML {
    let sentences = results.verdict.explanation.map { "<p>\($0)</p>" as HTML }
    return """
      <section class="verdict \(results.verdict.outcome.rawValue)"><p class="headline">\(results.verdict.headline)</p>
      \(sentences)
      </section>
      """
  }

  private var warnings: HTML {
    guard !results.warnings.isEmpty else { return .empty }
    return """
      <section class="warnings"><strong>Read with care</strong><ul>
      \(results.warnings.map { "<li>\($0)</li>" as HTML })
      </ul></section>
      """
  }

  // MARK: Differences

  /// What the primary figure is a mean of, or the one class that it speaks of.
  private var classes: String {
    results.classes.count == 2 ? "for \(results.classes[1])" : "mean over the defect classes"
  }

  /// What is repeated and resampled.
  private var runs: (name: String, count: Int) {
    if let splits = results.splits, splits.count > 1 { return ("split", splits.count) }
    return ("seed", results.seeds.count)
  }

  private var repetitions: String {
    let seeds = "\(results.seeds.count) seed\(results.seeds.count == 1 ? "" : "s")"
    return runs.name == "split" ? "\(runs.count) splits of the data, each with \(seeds)" : seeds
  }

  private var fractions: String {
    results.curve.map { ", and with each of \($0.count) shares of the real defects" } ?? ""
  }

  private var level: String { "\(StudyCharts.percent(results.confidence)) % interval" }

  private var differencesCaption: HTML {
    """
    Difference to real images only, in \(results.primaryFigure.inWords) (\(classes)), with its \(level). The dashed line is \("\(results.smallestEffect)"), the smallest difference that matters here.
    """
  }

  private var differences: HTML {
    var tables: [HTML] = []
    var others: [String] = []
    for difference in results.differences where !others.contains(difference.against) {
      others.append(difference.against)
    }
    for other in others {
      let rows = results.differences.filter {
        $0.against == other && $0.figure == results.primaryFigure && $0.scope == .mean
      }
      tables.append(
        Table.html(
          caption: "\(results.primaryFigure.title) against \(title(of: other).lowercased())",
          head: ["", "difference", "\(level)", "p", "p (Holm)", "p (sign flips)", "by \(runs.name)"],
          rows: rows.map(row)))
    }
    return HTML(joining: tables) + """
      <p class="quiet">Differences are paired by \(runs.name) and by test group. p comes from the bootstrap, Holm's correction covers all \
      arms of the table, and sign flips with \(runs.count) \(runs.name)s cannot fall below \
      \(Table.number(2 / pow(2, Double(runs.count)), digits: 4)).</p>
      """
  }

  private func row(_ difference: DifferenceResult) -> Table.Row {
    Table.Row(
      name: "\(title(of: difference.arm))",
      cells: [
        "\(Table.signed(difference.value))",
        "\(difference.interval.map { "\(Table.signed($0.lower)) to \(Table.signed($0.upper))" } ?? "–")",
        "\(Table.pValue(difference.pValue))", "\(Table.pValue(difference.adjustedPValue))",
        "\(Table.pValue(difference.signFlipPValue))",
        "<small class=\"line\">\(difference.perSeed.map(Table.signed).joined(separator: " "))</small>",
      ], isMain: difference.arm == results.verdict.arm)
  }

  private func title(of arm: String) -> String { results.arm(named: arm)?.title ?? arm }

  // MARK: Figures

  private var armsCaption: HTML {
    """
    \(results.primaryFigure.title), \(classes), with its \(level), on \(results.testImages) test images \
    in \(results.testGroups) groups, over \(repetitions).
    """
  }

  private var figures: HTML {
    let measured = Set((results.arms.first?.figures ?? []).map(\.figure))
    let tables = StudyFigure.allCases.filter(measured.contains).map { figure -> HTML in
      var scopes: [FigureScope] = []
      for result in results.arms.first?.figures ?? [] where result.figure == figure { scopes.append(result.scope) }
      // With a single class, the mean over classes says the same again.
      if results.classes.count == 2 { scopes.removeAll { $0 == .mean } }
      let rows = scopes.map { scope in
        Table.Row(
          name: "\(scope.title)", cells: results.arms.map { cell($0.figure(figure, scope)) }, isMain: scope == .mean)
      }
      return Table.html(
        caption: caption(of: figure), head: [""] + results.arms.map { "\($0.title)" }, rows: rows)
    }
    return HTML(joining: tables)
  }

  private func caption(of figure: StudyFigure) -> String {
    switch figure {
    case .f1: "F1, at the threshold chosen on the validation set"
    case .recallAtFalseAlarmRate:
      "Recall with at most \(StudyCharts.percent(results.falseAlarmRate)) % false alarms"
    case .costSaved: "Cost saved, of letting everything pass, at the threshold chosen on the validation set"
    case .boundaryF1: "Boundary F1, outlines within 2 pixels"
    case .defectRecall: "Defects found: at least a quarter of their pixels called their class"
    default: figure.title
    }
  }

  private func cell(_ result: FigureResult?) -> HTML {
    guard let result, let value = result.value else { return "–" }
    let interval: HTML =
      result.interval.map { "<small>\(Table.number($0.lower)) to \(Table.number($0.upper))</small>" } ?? .empty
    return "\(Table.number(value))\(interval)"
  }

  private var confusions: HTML {
    guard results.arms.contains(where: { !$0.confusion.isEmpty }) else { return .empty }
    let tables = results.arms.map { arm -> HTML in
      let rows = zip(results.classes, arm.confusion).map { name, counts in
        Table.Row(name: "\(name)", cells: counts.map { "\(Table.number($0, digits: 1))" })
      }
      return Table.html(caption: arm.title, head: ["true class"] + results.classes.map { "\($0)" }, rows: rows)
    }
    return """
      <details><summary>Confusion matrices: test images by true class (rows) and class called (columns), mean over the \
      seeds</summary>
      <div class="pair">\(tables)</div></details>
      """
  }

  // MARK: Pictures and training

  private func pictures() throws -> HTML {
    guard !results.pictures.isEmpty else { return .empty }
    var embedded = EmbeddedPicture(folder: folder)
    let groups = try results.pictures.map { group -> HTML in
      let rows = try group.rows.map { row -> HTML in
        let images = try row.files.map { file -> HTML in
          "<img src=\"\(try embedded.address(of: file))\" alt=\"\(row.label): \(file)\">"
        }
        return "<div class=\"row\"><span>\(row.label)</span><div>\(images)</div></div>"
      }
      return "<figure><h3>\(group.title)</h3>\(rows)<figcaption>\(group.caption)</figcaption></figure>"
    }
    return "<h2>Real and synthetic</h2>\n\(groups)"
  }

  private let lossCaption: HTML = """
    Training loss, averaged over the seeds. A weighted or augmented loss is not comparable with the others: look at its course.
    """

  private var composition: HTML {
    let rows = results.arms.map { arm in
      Table.Row(
        name: "\(arm.title)",
        cells: results.classes.map { label in
          func count(_ origin: TrainingCount.Origin) -> Int {
            arm.trainingImages.reduce(0) { $0 + ($1.origin == origin && $1.label == label ? $1.count : 0) }
          }
          let synthetic = count(.synthetic)
          return synthetic == 0 ? "\(count(.real))" : "\(count(.real)) + \(synthetic) synthetic"
        } + ["\(Table.duration(arm.seconds))"])
    }
    return Table.html(
      caption: "Training images and time of one training",
      head: [""] + results.classes.map { "\($0)" } + ["time"], rows: rows)
  }

  private var method: HTML {
    """
    <p>The same network was trained for each arm with \(repetitions)\(fractions), each time for the same number of \
    optimizer steps, and scored on the whole untouched test split. Figures are averaged over these trainings. \
    Intervals come from a bootstrap that resamples \(runs.name)s and test groups, the same for all arms; thresholds and the choice of \
    the best cheap alternative come from the validation split.</p>
    """
  }
}
