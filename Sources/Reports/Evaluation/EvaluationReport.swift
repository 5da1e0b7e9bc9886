import Files
import Foundation
import Runs

/// Synthetic images against real ones as one page: the figures first, then pictures by which to judge the figures.
public struct EvaluationReport {
  private let record: EvaluationRecord
  private let pictures: Thumbnails<EvaluationRecord.Picture>

  /// - Parameter pictures: PNG or JPEG files; images without one are named instead.
  public init(record: EvaluationRecord, pictures: [EvaluationRecord.Picture: Data]) {
    self.record = record
    self.pictures = Thumbnails(pictures)
  }

  /// Writes the page: one file that needs no other, and holds no script.
  public func write(to url: URL) throws { try AtomicFile.write(try html(), to: url) }

  /// The page's source.
  public func html() throws -> String {
    let shown = record.pairsShown
    let hasSources = shown.contains { pictures.has(.source($0.synthetic)) }
    let body: HTML = """
      <header><h1>Synthetic images against real ones</h1>
      <p class="question">\(Self.words(record.synthetic)) against \(Self.words(record.real))</p></header>
      <main>
      \(summary)
      <h2 id="figures">Figures</h2>
      \(EvaluationFigures(record).table)
      <p class="quiet">\(record.features), weights \(String(record.featuresHash.prefix(12))); \(EvaluationFigures(record).resizing).</p>
      <h2 id="samples">What they look like</h2>
      <p class="quiet">Evenly over each list, not chosen; at most \(EvaluationRecord.samplesShown) of each.</p>
      <h3>Real</h3>
      \(samples(record.real) { .real($0) })
      <h3>Synthetic</h3>
      \(samples(record.synthetic) { .synthetic($0) })
      <h2 id="nearest">Nearest pairs</h2>
      <p class="quiet">The \(record.nearestPairs.count) of \(record.nearest.count) synthetic images that lie nearest to a real \
      one, the nearest first: here copies would stand. Distances are Euclidean, of features. Differences are absolute, times \
      \(EvaluationRecord.differenceFactor): black where both agree; the real image is brought to the synthetic one's size.</p>
      \(hasSources ? sourceNote : .empty)
      \(pairs(record.nearestPairs))
      <h2 id="best">Best</h2>
      <p class="quiet">The \(record.best.count) synthetic images with the smallest mean distance to their \
      \(record.manifold.neighbour) nearest real ones: most like the real images. That measure knows nothing of labels.</p>
      \(pairs(record.best))
      <h2 id="worst">Worst</h2>
      <p class="quiet">The \(record.worst.count) with the largest such distance, the worst first: least like any real image.</p>
      \(pairs(record.worst))
      <h2>How it was measured</h2>
      \(Table.facts(EvaluationFigures(record).facts.map { ($0.key, $0.value) }))
      </main>
      """
    return try ReportPage(title: "\(name(record.synthetic)): evaluation", body: body).source()
  }

  private func name(_ side: EvaluationRecord.Side) -> String { URL(fileURLWithPath: side.path).lastPathComponent }

  private static func words(_ side: EvaluationRecord.Side) -> HTML {
    let choice = [side.className.map { "class \($0)" }, side.split.map { "split \($0)" }].compactMap { $0 }
    return "\(side.path)\(choice.isEmpty ? "" : " (\(choice.joined(separator: ", ")))")"
  }

  private var summary: HTML {
    let kid = record.kid
    return """
      <section class="verdict"><p class="headline">FID \(Table.number(record.fid, digits: 2)), KID × 1000 \
      \(Table.number(1000 * kid.value)) (95 %: \(Table.number(1000 * kid.low)) to \(Table.number(1000 * kid.high)))</p>
      <p>\(record.synthetic.images) synthetic images against \(record.real.images) real ones. \
      \(NumberText.percent(record.copies)) of the synthetic ones lie nearer to a real image than 99 % of real images lie to each \
      other: 1 % or so where nothing was copied.</p>
      </section>
      <nav><a href="#figures">Figures</a> <a href="#samples">Samples</a> <a href="#nearest">Nearest pairs</a> \
      <a href="#best">Best</a> <a href="#worst">Worst</a></nav>
      """
  }

  private func samples(_ side: EvaluationRecord.Side, _ picture: (String) -> EvaluationRecord.Picture) -> HTML {
    let figures = side.samples.map { pictures.figure(picture($0), caption: "\($0)", description: "\($0)") }
    return "<div class=\"thumbs small\">\(figures)</div>"
  }

  private var sourceNote: HTML {
    """
    <p class="quiet">The clean source is the image that the synthetic one was made from. Of a larger source its middle is shown, \
    scaled or cut, whichever differs less; where a source was used again as a random crop, the difference shows that too.</p>
    """
  }

  private func pairs(_ pairs: [EvaluationRecord.Pair]) -> HTML {
    guard !pairs.isEmpty else { return "<p>None: there are too few images.</p>" }
    return "<div class=\"cases wide\">\(pairs.map(block))</div>"
  }

  private func block(_ pair: EvaluationRecord.Pair) -> HTML {
    let name = pair.synthetic
    var figures: [HTML] = [
      pictures.figure(.synthetic(name), caption: "<b>synthetic</b><br>\(name)", description: "synthetic \(name)"),
      pictures.figure(
        .real(pair.real), caption: "<b>nearest real</b><br>\(pair.real)", description: "nearest real \(pair.real)"),
      pictures.figure(
        .difference(name), caption: "<b>difference × \(EvaluationRecord.differenceFactor)</b>",
        description: "difference of \(name) from \(pair.real)"),
    ]
    if let source = pair.source, pictures.has(.source(name)) {
      figures += [
        pictures.figure(
          .source(name), caption: "<b>clean source</b><br>\(source)", description: "clean source \(source)"),
        pictures.figure(
          .sourceDifference(name),
          caption: "<b>difference × \(EvaluationRecord.differenceFactor)</b><br>from the source",
          description: "difference of \(name) from its source \(source)"),
      ]
    }
    return """
      <div class="case"><div>\(figures)</div>
      <p>distance \(Table.number(pair.distance)); mean of the \(record.manifold.neighbour) nearest \
      \(Table.number(pair.meanDistance))</p></div>
      """
  }
}
