/// One self-contained HTML page: style, scripts, charts and pictures within, nothing fetched from anywhere.
struct ReportPage {
  var title: String
  var body: HTML
  var charts: [Chart] = []
  /// What draws the charts; a page without it has no script at all.
  var library: ChartLibrary?

  func source() throws -> String {
    let permission: HTML = library == nil ? "" : "; script-src 'unsafe-inline'"
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'\
      \(permission)">
      <title>\(title)</title>
      <style>
      \(verbatim: String(decoding: PackageResources.report_css, as: UTF8.self))</style>
      </head>
      <body>
      \(body)
      \(try scripts())
      </body>
      </html>

      """
    return page.source
  }

  private func scripts() throws -> HTML {
    guard let library else { return .empty }
    return """
      <script type="application/json" id="charts">\(verbatim: try ScriptJSON.encode(charts))</script>
      <script>
      \(verbatim: library.source)
      </script>
      <script>
      \(verbatim: String(decoding: PackageResources.report_js, as: UTF8.self))</script>
      """
  }
}
