import ArgumentParser
import Logging
import Synthesis

/// How images are translated that are larger than the network was trained on.
struct TilingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Rows of the strips that an image is translated in; 'auto': at once where memory allows it, or 'whole'.",
      valueName: "rows"))
  var tile = TileArgument.automatic

  var tiling: Tiling { tile.tiling }

  /// Says so where the run was trained at another scale.
  func warn(of translator: Translator) {
    guard let loadSize = translator.configuration.transform.loadSize else { return }
    Logger.console.notice(
      "the run was trained on images resized to a short side of \(loadSize) pixels; these are translated as they are")
  }
}

/// `auto`, `whole` or a number of rows.
struct TileArgument: ExpressibleByArgument {
  let tiling: Tiling

  static let automatic = TileArgument(tiling: .automatic)

  private init(tiling: Tiling) { self.tiling = tiling }

  init?(argument: String) {
    switch argument {
    case "auto": tiling = .automatic
    case "whole": tiling = .whole
    default:
      guard let rows = Int(argument), rows >= 4, rows.isMultiple(of: 4), rows <= 1 << 20 else { return nil }
      tiling = .strips(rows)
    }
  }

  var defaultValueDescription: String { "auto" }
}
