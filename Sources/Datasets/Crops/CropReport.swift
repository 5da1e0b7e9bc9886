/// What a choice of windows met; counts that nobody asked about stay 0.
public struct CropReport: Codable, Equatable, Sendable {
  /// Width and height of the windows; a height of 0 stands for the whole of each image.
  public var width = 0
  public var height = 0
  /// Images smaller than the window.
  public var tooSmall: [String] = []
  /// Images with a label whose place is not known.
  public var withoutMask: [String] = []
  /// Images left out because they show several classes, or none of the classes that were asked for.
  public var severalClasses = 0
  public var otherClasses = 0
  /// Defects of fewer pixels than asked for.
  public var specks = 0
  /// Windows not made because they would repeat another of the same image, or nearly.
  public var tooClose = 0
  /// Instances around which a window was tried.
  public var instances = 0
  /// Of those, the ones that are too large for a window, whose window would reach over an edge of the image, or would
  /// show another instance that is cut or off the middle.
  public var tooLarge = 0
  public var overEdge = 0
  public var crowded = 0
  /// Windows of defects, or tiles, with a dark column.
  public var dark = 0
  /// Clean windows that were asked for and could not be had.
  public var cleanMissing = 0

  public init() {}

  /// Adds the counts of one image.
  mutating func add(_ other: CropReport) {
    tooSmall += other.tooSmall
    withoutMask += other.withoutMask
    severalClasses += other.severalClasses
    otherClasses += other.otherClasses
    specks += other.specks
    tooClose += other.tooClose
    instances += other.instances
    tooLarge += other.tooLarge
    overEdge += other.overEdge
    crowded += other.crowded
    dark += other.dark
    cleanMissing += other.cleanMissing
  }

  /// In words, what was passed over and why; nothing where all was taken.
  public var reasons: [String] {
    func list(_ names: [String], _ text: String) -> String? {
      guard !names.isEmpty else { return nil }
      return "\(names.count) \(text): \(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? ", …" : "")"
    }
    func count(_ number: Int, _ text: String) -> String? { number == 0 ? nil : "\(number) \(text)" }
    return [
      list(tooSmall, "images are smaller than the window"),
      list(withoutMask, "images have a label but no mask"),
      count(severalClasses, "images show several classes"),
      count(otherClasses, "images show other classes only"),
      count(specks, "connected parts have too few pixels"),
      count(tooLarge, "of \(instances) instances are too large for a window"),
      count(overEdge, "of \(instances) instances lie too near to an edge"),
      count(crowded, "of \(instances) instances have another beside them that would be cut or off the middle"),
      count(dark, "windows have a dark column"),
      count(tooClose, "windows would repeat others, or nearly"),
      count(cleanMissing, "clean windows are missing: there are no more places where they may be drawn"),
    ].compactMap { $0 }
  }
}
