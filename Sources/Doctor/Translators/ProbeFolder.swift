import Files
import Foundation
import Images

/// Pictures of two domains whose pixels tell which image they are of, or where in it they were.
///
/// They are grey, so that one code goes into a picture; a loader makes the same batches of files with other pixels, so passes
/// over several codes tell it all.
struct ProbeFolder {
  enum Code: CaseIterable {
    /// One grey for each image, no two alike, also of the two domains.
    case index
    /// Rising from left to right.
    case column
    /// Rising from top to bottom.
    case row
  }

  let clean: [URL]
  let defect: [URL]

  /// Writes pictures for the time of `body`.
  ///
  /// - Parameter side: of the square pictures, in pixels.
  /// - Throws: `WriteError` where nothing can be written, and what `body` throws.
  static func with<Result>(
    _ code: Code, clean: Int, defect: Int, side: Int, _ body: (ProbeFolder) throws -> Result
  ) throws -> Result {
    try temporary { folder in
      func write(_ domain: Int, _ count: Int) throws -> [URL] {
        try (0..<count).map { index in
          let url = folder.appendingPathComponent("\(["clean", "defect"][domain])-\(index).png")
          try AtomicFile.write(picture(code, domain: domain, index, side: side).encoded(as: .png), to: url)
          return url
        }
      }
      return try body(ProbeFolder(clean: write(0, clean), defect: write(1, defect)))
    }
  }

  /// A folder that is gone afterwards.
  static func temporary<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patina-doctor-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private static func picture(_ code: Code, domain: Int, _ index: Int, side: Int) -> Image {
    func ramp(_ place: Int) -> UInt8 { UInt8((255 * Double(place) / Double(side - 1)).rounded()) }
    return switch code {
    case .index: Image(width: side, height: side, filledWith: level(domain: domain, index))
    case .column:
      Image(width: side, height: side, bytes: (0..<side * side).map { ramp($0 % side) })
    case .row: Image(width: side, height: side, bytes: (0..<side * side).map { ramp($0 / side) })
    }
  }

  // MARK: The way back

  /// The most images of a domain that have greys of their own.
  static let most = 8
  /// Between two greys of one domain; halfway stands one of the other.
  private static let spacing = 28

  private static func level(domain: Int, _ index: Int) -> UInt8 { UInt8(16 + spacing * index + spacing / 2 * domain) }

  /// Which image a grey in [−1, 1] stands for; nil where it is none of these.
  static func image(ofGrey value: Double) -> (domain: Int, index: Int)? {
    let steps = ((value + 1) * 127.5 - 16) / Double(spacing / 2)
    guard abs(steps) < 1000 else { return nil }  // nor is what is no number
    let place = Int(steps.rounded())
    guard abs(steps - Double(place)) < 0.25, (0..<2 * most).contains(place) else { return nil }
    return (place % 2, place / 2)
  }
}
