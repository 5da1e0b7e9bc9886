import ArgumentParser
import Files
import Foundation
import Reports

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write one HTML page from a study or a training run.",
    discussion: """
      The page holds its charts and pictures, opens offline and can be sent as it is. Needs Debian's libjs-chart.js.

      Examples:
        patina report studies/blowhole
        patina report runs/crack --output crack.html
      """)

  @Argument(help: ArgumentHelp("Folder of a study or of a training run.", valueName: "dir")) var folder: String
  @Option(name: .shortAndLong, help: ArgumentHelp("The page (default: report.html in the folder).", valueName: "file"))
  var output: String?
  @Flag(help: "Leave the pictures out, where the page may be passed on but the images may not.")
  var withoutPictures = false
  @Flag(help: "Print where the page stands as JSON.") var json = false

  private struct Written: Encodable {
    var kind: ReportFolder.Kind
    var report: String
  }

  func run() throws {
    let written = try ReportFolder.write(
      from: URL(fileURLWithPath: folder), to: output.map { URL(fileURLWithPath: $0) }, showsPictures: !withoutPictures)
    guard json else {
      print(written.page.path)
      return
    }
    let json = try JSONFile.encode(Written(kind: written.kind, report: written.page.path))
    print(String(decoding: json, as: UTF8.self), terminator: "")
  }
}
