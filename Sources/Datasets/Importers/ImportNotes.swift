/// Collects what is worth a note over all images.
struct ImportNotes {
  private var emptyMasks: [String] = []
  private var faintMasks: [String] = []
  private var clipped: [String] = []
  private var clippedCount = 0
  private var thin: [String] = []
  private var thinCount = 0

  mutating func add(_ remarks: ImportLoader.Remarks, of name: String) {
    if remarks.hasEmptyMask { emptyMasks.append(name) }
    if remarks.hasFaintMask { faintMasks.append(name) }
    if remarks.clipped > 0 { clipped.append(name) }
    clippedCount += remarks.clipped
    if remarks.thin > 0 { thin.append(name) }
    thinCount += remarks.thin
  }

  var lines: [String] {
    var lines: [String] = []
    if !emptyMasks.isEmpty {
      lines.append(
        "\(emptyMasks.count) images of a defect have an empty mask and are labelled as a whole: "
          + emptyMasks.joined(separator: ", "))
    }
    if !faintMasks.isEmpty {
      lines.append(
        "\(faintMasks.count) masks hold values, but none above the threshold, and count as empty (--threshold): "
          + Self.first(faintMasks))
    }
    if clippedCount > 0 {
      lines.append("\(clippedCount) labels reached beyond their image and were cut at its border: " + Self.first(clipped))
    }
    if thinCount > 0 {
      lines.append("\(thinCount) outlines enclose no pixel's centre and became boxes: " + Self.first(thin))
    }
    return lines
  }

  private static func first(_ names: [String]) -> String {
    names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }
}
