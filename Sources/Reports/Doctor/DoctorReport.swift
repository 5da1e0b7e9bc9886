import Files
import Foundation
import Runs

/// A doctor's visit as one page: what failed first, then every check with what it measured, shows and advises.
public struct DoctorReport {
  private let record: DoctorRecord

  /// - Parameter showsPictures: false where the page may be passed on but the images may not.
  public init(_ record: DoctorRecord, showsPictures: Bool = true) {
    var record = record
    if !showsPictures {
      for index in record.checks.indices { record.checks[index].pictures = [] }
      record.facts.append(Fact("pictures", "left out"))
    }
    self.record = record
  }

  /// Writes the page: one file that needs no other, and holds no script.
  public func write(to url: URL) throws { try AtomicFile.write(try html(), to: url) }

  /// The page's source.
  public func html() throws -> String {
    let stages = DoctorStages(record.checks)
    let body: HTML = """
      <header><h1>Doctor’s visit to \(record.name)</h1>
      <p class="question">A \(record.subject.rawValue), examined in \(Table.duration(record.seconds)).</p></header>
      <main>
      \(verdict(stages))
      \(navigation(stages))
      \(stages.list.map(section))
      <h2 id="how">How it was examined</h2>
      \(Table.facts(record.facts.map { ($0.key, $0.value) }))
      </main>
      """
    return try ReportPage(title: "\(record.name): doctor’s visit", body: body).source()
  }

  private func verdict(_ stages: DoctorStages) -> HTML {
    let failed = record.count(of: .fail), odd = record.count(of: .warn)
    let kind = failed > 0 ? "harms" : odd > 0 ? "does-not-help" : record.count(of: .pass) > 0 ? "helps" : "open"
    return """
      <section class="verdict \(kind)"><p class="headline">\(record.headline)</p>
      <p>\(record.counts).</p>
      \(links(stages, .fail, "Failed"))
      \(links(stages, .warn, "To look at"))
      </section>
      """
  }

  private func links(_ stages: DoctorStages, _ verdict: CheckVerdict, _ title: String) -> HTML {
    let items = stages.list.flatMap(\.checks).filter { $0.result.verdict == verdict }.map { check -> HTML in
      "<li><a href=\"#\(check.anchor)\">\(check.result.title)</a>: \(code: check.result.finding)</li>"
    }
    return items.isEmpty ? .empty : "<p class=\"lead\">\(title)</p><ul>\(items)</ul>"
  }

  private func navigation(_ stages: DoctorStages) -> HTML {
    let stops = stages.list.map { "<a href=\"#\($0.anchor)\">\($0.title)</a>" as HTML }
    return "<nav aria-label=\"Stages\">\(stops) <a href=\"#how\">How it was examined</a></nav>"
  }

  private func section(_ stage: DoctorStages.Stage) -> HTML {
    """
    <h2 id="\(stage.anchor)">\(stage.title)</h2>
    \(stage.checks.map { DoctorCheckSection($0.result, anchor: $0.anchor).html })
    """
  }
}
