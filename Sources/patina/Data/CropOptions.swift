import ArgumentParser
import Datasets

/// Options of `patina crop` for windows around each defect.
struct CentredOptions: ParsableArguments {
  @Option(help: "Height of the window, where it is no square; 0 is the whole height of the image.")
  var height: Int?

  @Option(help: "Without --window: this quantile of the defects' widths is its side. Default: 0.9.")
  var quantile: Double?

  @Option(help: "Defects in a window have their centres nearer than this, in pixels. Default: 42 of 160 of its side.")
  var tolerance: Double?

  @Option(help: "Defects leave so many pixels of the window's side free. Default: 5.")
  var margin: Int?

  @Option(help: "Images that show several classes: drop or keep. Default: drop.")
  var severalClasses: CentredWindows.SeveralClasses?

  @Option(name: .customLong("class"), help: "A class whose defects get windows; give it again for more. Default: all.")
  var classes: [String] = []

  @Option(help: "Pixels hang together over 4 or 8 neighbours. Default: 4.")
  var connectivity: CentredWindows.Connectivity?

  @Option(help: "At most so many windows of defects, drawn from all.")
  var mostDefects: Int?

  @Option(help: "Clean windows for each window of a defect, 0 to 1000000. Default: 1.")
  var cleanRatio: Double?

  @Option(help: "Draw clean windows from clean 'images', or also from clean 'regions' of others. Default: images.")
  var cleanFrom: CentredWindows.CleanSource?

  var windows: CentredWindows {
    var windows = CentredWindows()
    windows.height = height
    if let quantile { windows.quantile = quantile }
    windows.tolerance = tolerance
    if let margin { windows.margin = margin }
    if let severalClasses { windows.severalClasses = severalClasses }
    windows.classes = classes
    if let connectivity { windows.connectivity = connectivity }
    windows.mostDefects = mostDefects
    if let cleanRatio { windows.cleanRatio = cleanRatio }
    if let cleanFrom { windows.cleanSource = cleanFrom }
    return windows
  }

  /// One of them that was given, if any.
  var given: String? {
    [
      height != nil ? "--height" : nil, quantile != nil ? "--quantile" : nil, tolerance != nil ? "--tolerance" : nil,
      margin != nil ? "--margin" : nil, severalClasses != nil ? "--several-classes" : nil,
      classes.isEmpty ? nil : "--class", connectivity != nil ? "--connectivity" : nil,
      mostDefects != nil ? "--most-defects" : nil, cleanRatio != nil ? "--clean-ratio" : nil,
      cleanFrom != nil ? "--clean-from" : nil,
    ].compactMap { $0 }.first
  }
}

/// Options of `patina crop` for windows anywhere on defects.
struct ScatteredOptions: ParsableArguments {
  @Option(help: "Most windows for each defect. Default: 1.")
  var perDefect: Int?

  @Option(help: "Windows for each clean image. Default: 1.")
  var cleanPerImage: Int?

  var isChosen: Bool { perDefect != nil || cleanPerImage != nil }
}

/// Options of `patina crop` for whole images.
struct TileOptions: ParsableArguments {
  @Option(help: "Cut whole images into square tiles of this side.")
  var tile: Int?

  @Option(help: "Pixels that neighbouring tiles share at least. Default: 0.")
  var overlap: Int?
}

extension CentredWindows.SeveralClasses: ExpressibleByArgument {}
extension CentredWindows.CleanSource: ExpressibleByArgument {}
extension CentredWindows.Connectivity: ExpressibleByArgument {}
