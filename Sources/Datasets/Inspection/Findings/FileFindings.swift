import Foundation
import Images
import Runs

/// Files that are broken, changed, or stored unlike the others.
struct FileFindings {
  private let survey: Survey

  init(_ survey: Survey) { self.survey = survey }

  /// Below this standard deviation, of full scale, there is nothing to see: half a grey level of 8 bits.
  private static let flat = 0.002
  /// Below this, JPEG blurs what is a pixel wide.
  private static let lowQuality = 75.0
  /// Sides shorter than this are icons rather than pictures.
  private static let smallSide = 32
  /// Of the width or height, in per cent.
  private static let wideMargin = 10.0
  /// Up to this share, what differs from the others is an oddity; above, the set is a mixture.
  private static let oddShare = 0.05

  typealias Finding = InspectionRecord.Finding

  var all: [Finding] {
    [unreadable, changed, flat, small, misnamed, quality, margins, greyAsColour].compactMap { $0 } + unlike
  }

  private func cases(where isMeant: (Int, ImageFacts) -> Bool, text: (ImageFacts) -> String = { _ in "" }) -> [Finding
    .Case]
  {
    survey.readable.filter { isMeant($0.index, $0.facts) }.map {
      .init([survey.images[$0.index].fileName], text($0.facts))
    }
  }

  private var unreadable: Finding? {
    let cases = survey.looks.enumerated().compactMap { index, look -> Finding.Case? in
      guard case .failure(let error) = look else { return nil }
      return .init([survey.images[index].fileName], "expected \(error.expected), found \(error.found)")
    }
    return finding(
      .error, "unreadable-files", cases,
      { "\($0) cannot be read, or \(Plural.are($1)) not of the size that the labels speak of" },
      meaning: "Training ends at the first of them.", remedy: "Get the originals again and import, or leave them out.")
  }

  private var changed: Finding? {
    finding(
      .error, "changed-files", cases { !$1.isUnchanged },
      { images, _ in "\(images) changed since the import (SHA-256)" },
      meaning: "Masks and groups belong to other pixels, perhaps; studies refuse such a data set.",
      remedy: "Import again, so that all that is known of them is known of these files.")
  }

  private var flat: Finding? {
    finding(
      .warning, "flat-images", cases { $1.measures[.contrast] < Self.flat },
      { "\($0) \(Plural.show($1)) one grey value and nothing else" },
      meaning: "A camera that was off, a lost exposure or a file that was filled up.", remedy: "Leave them out.")
  }

  private var small: Finding? {
    finding(
      .warning, "small-images",
      cases { index, _ in min(survey.images[index].width, survey.images[index].height) < Self.smallSide },
      { "\($0) \(Plural.have($1)) a side of less than \(Self.smallSide) px" },
      meaning: "Thumbnails among pictures, or parts cut too small: a network sees mostly what enlarging made of them.",
      remedy: "Look for the originals.")
  }

  private var misnamed: Finding? {
    let names: [ImageFormat: Set<String>] = [
      .jpeg: ["jpg", "jpeg", "jpe", "jfif"], .tiff: ["tif", "tiff"], .png: ["png"], .bmp: ["bmp"], .webp: ["webp"],
    ]
    let cases = cases { index, facts in
      let kind = (survey.images[index].fileName as NSString).pathExtension.lowercased()
      return names[facts.format]?.contains(kind) == false
    } text: {
      "is \($0.format.rawValue.uppercased())"
    }
    return finding(
      .note, "misnamed-files", cases, { "\($0) \(Plural.have($1)) the extension of another format" },
      meaning: "Patina goes by the first bytes; other programs may refuse them.", remedy: "Rename them.")
  }

  private var quality: Finding? {
    let cases = cases {
      $1.format == .jpeg && $1.measures[.quality] < Self.lowQuality
    } text: {
      "quality \(Int($0.measures[.quality]))"
    }
    return finding(
      .note, "low-quality", cases,
      { "\($0) \(Plural.are($1)) compressed strongly (JPEG quality below \(Int(Self.lowQuality)))" },
      meaning: "Fine cracks and pores are lost first, and what is left has steps every 8 pixels.",
      remedy: "Take the originals, if there are any.")
  }

  private var margins: Finding? {
    let cases = cases {
      $1.measures[.darkMargin] >= Self.wideMargin
    } text: {
      "\(Int($0.measures[.darkMargin].rounded())) % of the width or height"
    }
    return finding(
      .note, "dark-margins", cases, { "\($0) \(Plural.have($1)) a dark margin" },
      meaning: "Background beside the part. Windows cut there show nothing, and its width may tell classes apart.",
      remedy: "Cut it off, or let 'patina crop' pass over it.")
  }

  private var greyAsColour: Finding? {
    let readable = survey.readable
    let count = readable.count { $0.facts.colour == .greyStoredAsColour }
    guard count > 0, Double(count) > Self.oddShare * Double(readable.count) else { return nil }
    return Finding(
      .note, "grey-as-colour", title: "\(Plural.images(count)) \(Plural.are(count)) grey and stored as colour",
      meaning: "Three channels with the same numbers: a network reads threefold and learns nothing more.",
      remedy: "Train with --channels 1 where the command has it.")
  }

  /// Formats, colours, depths and orientations of which only few images are.
  private var unlike: [Finding] {
    let readable = survey.readable
    var result: [Finding] = []
    func look(_ kind: String, _ what: String, _ name: (Int, ImageFacts) -> String) {
      var members: [String: [Int]] = [:]
      for (index, facts) in readable { members[name(index, facts), default: []].append(index) }
      guard members.count > 1, let main = members.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.key
      else { return }
      let others = members.filter { $0.key != main }.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      let count = others.reduce(0) { $0 + $1.value.count }
      let list =
        others.prefix(6).map { "\($0.value.count) \($0.key)" }.joined(separator: ", ") + (others.count > 6 ? ", …" : "")
      if Double(count) <= Self.oddShare * Double(readable.count) {
        result.append(
          Finding(
            .note, "odd-\(kind)",
            title: "\(Plural.images(count)) \(Plural.have(count)) another \(what) than the rest: \(list)",
            meaning:
              "All others are \(main). Few and different: another camera, a screenshot, or a file from elsewhere.",
            remedy: "Look at them.",
            cases: others.flatMap { name, indices in indices.map { .init([survey.images[$0].fileName], name) } }))
      } else {
        let isMixed = readable.count - count >= readable.count / 10
        let title =
          isMixed
          ? "Images differ in \(what): \(readable.count - count) \(main), \(list)"
          : "Images differ in \(what): \(members.count) different ones"
        result.append(
          Finding(
            .note, "mixed-\(kind)", title: title,
            meaning: "Harmless where all classes and splits have their share; otherwise it gives them away "
              + "(the probes below look for that).", remedy: "Bring them into one form before training."))
      }
    }
    look("formats", "format") { $1.format.rawValue.uppercased() }
    look("colours", "colour") { $1.colour.title }
    look("depths", "depth") { "\($1.bits) bits" }
    look("sizes", "size") { index, _ in "\(survey.images[index].width) × \(survey.images[index].height)" }
    return result
  }

  private func finding(
    _ severity: InspectionRecord.Severity, _ kind: String, _ cases: [Finding.Case], _ title: (String, Int) -> String,
    meaning: String, remedy: String
  ) -> Finding? {
    guard !cases.isEmpty else { return nil }
    return Finding(
      severity, kind, title: title(Plural.images(cases.count), cases.count), meaning: meaning, remedy: remedy,
      cases: cases)
  }
}
