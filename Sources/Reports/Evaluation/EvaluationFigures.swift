import Runs

/// The figures of a comparison as a table, each with how it reads, and how they were measured.
struct EvaluationFigures {
  private let record: EvaluationRecord

  init(_ record: EvaluationRecord) { self.record = record }

  var table: HTML {
    let kid = record.kid, manifold = record.manifold
    func row(_ name: HTML, _ value: String, _ range: String = "", _ meaning: HTML) -> Table.Row {
      Table.Row(name: name, cells: ["\(value)", "\(range)", "<div class=\"left\">\(meaning)</div>"])
    }
    func thousandth(_ value: Double) -> String { Table.number(1000 * value) }
    let balls = "balls reach to neighbour \(manifold.neighbour)"
    let rows = [
      row("FID", Table.number(record.fid, digits: 2), "", "0 where both are alike; compare sets of one size only"),
      row(
        "KID × 1000", thousandth(kid.value), "\(thousandth(kid.low)) to \(thousandth(kid.high))",
        "0 where both are alike, unbiased; \(kid.method)"),
      row("precision", Table.number(manifold.precision), "", "share of synthetic images among real ones; \(balls)"),
      row("recall", Table.number(manifold.recall), "", "share of real images among synthetic ones"),
      row("density", Table.number(manifold.density), "", "real balls around a synthetic image; 1 where both are alike"),
      row("coverage", Table.number(manifold.coverage), "", "share of real images with a synthetic one in their ball"),
      row("copies", Table.number(record.copies), "", "nearer to a real image than 99 % of real ones to each other"),
      row("median distance to real", Table.number(record.medianDistanceToReal), "", "of synthetic images"),
      row("median distance within real", Table.number(record.medianDistanceWithinReal), "", "of real ones to others"),
    ]
    return Table.html(
      head: ["", "value", "95 %", "<div class=\"left\">how it reads</div>"], rows: rows)
  }

  /// How images came to the network's size.
  var resizing: String {
    (record.size.map { "the middle of every image brought to \($0) × \($0) pixels first, then " } ?? "every image ")
      + "resized to the network's 299 × 299 pixels, bilinear, without antialiasing"
  }

  /// The record's own after what was compared.
  var facts: [Fact] {
    [
      Fact("real", "\(record.real.path), \(record.real.images) images"),
      Fact("synthetic", "\(record.synthetic.path), \(record.synthetic.images) images"),
      Fact("features", record.features), Fact("SHA-256 of the weights", record.featuresHash),
      Fact("resizing", resizing),
    ] + record.facts
  }
}
