import Files
import Foundation

/// What lies in a source folder, looked at once for all formats.
struct SourceSurvey {
  let listing: FolderListing
  let folder: SourceFolder
  /// The file of labels, where the source is one.
  let file: String?
  /// Folders right below the source.
  let tops: [String]
  let clean: String?
  let threads: Int

  init(of source: URL, clean: String?, threads: Int) throws {
    (folder, file) = try SourceFolder.splitting(source)
    listing = try FolderListing(of: folder.url)
    tops = try FolderListing.folders(in: folder.url)
    self.clean = clean
    self.threads = threads
  }

  /// For errors.
  var contents: String {
    let images = listing.images.count
    let others = listing.othersText
    if images == 0 { return others.isEmpty ? "nothing" : "no image (\(others))" }
    return "\(images) images" + (others.isEmpty ? " and nothing that labels them" : " and \(others)")
  }

  /// Formats that have a sign of their own.
  var certain: [FormatRecognition.Candidate] {
    guard !listing.images.isEmpty else { return [] }
    if let file { return [severstal(file), coco([file])].compactMap { $0 } }
    return [
      tiles, cells, unpaired, (try? SeverstalImporter.table(in: listing, folder)).flatMap(severstal),
      coco(listing.files(withExtension: "json")), voc, labelMe, yolo,
    ].compactMap { $0 }
  }

  private var tiles: FormatRecognition.Candidate? {
    let found = tops.filter { $0.hasPrefix("MT_") }
    guard listing.images.contains(where: { $0.hasPrefix("MT_") && $0.contains("/Imgs/") }) else { return nil }
    return .init(MTDImporter(), "\(found.count) folders MT_…")
  }

  private var cells: FormatRecognition.Candidate? {
    let tables = listing.files(withExtension: "csv").filter { $0.lastComponent == "labels.csv" }
    guard tables.contains(where: { path in
      let start = folder.start(of: path, count: 200).map { String(decoding: $0, as: UTF8.self) } ?? ""
      let fields = start.prefix { !$0.isNewline }.split { $0 == " " || $0 == "\t" || $0 == "," }
      return fields.count == 3 && ["mono", "poly"].contains(fields[2])
    }) else { return nil }
    return .init(ELPVImporter(), "labels.csv of solar cells")
  }

  private var unpaired: FormatRecognition.Candidate? {
    guard ["trainA", "trainB", "testA", "testB"].allSatisfy(tops.contains) else { return nil }
    return .init(ABImporter(clean: clean ?? "A"), "folders trainA, trainB, testA and testB")
  }

  private func severstal(_ table: String) -> FormatRecognition.Candidate? {
    guard SeverstalImporter.isTable(table, folder) else { return nil }
    return .init(SeverstalImporter(clean: clean), "run lengths in \(table)")
  }

  private func coco(_ files: [String]) -> FormatRecognition.Candidate? {
    let found = files.filter { COCOImporter.fits($0, folder) }
    guard let first = found.first else { return nil }
    return .init(COCOImporter(clean: clean), found.count == 1 ? first : "\(found.count) JSON files")
  }

  private var voc: FormatRecognition.Candidate? {
    let files = listing.files(withExtension: "xml")
    // A few will do; one may be damaged.
    guard files.prefix(5).contains(where: { path in
      (try? VOCFile.parse(folder.labels(of: path), at: path)) != nil
    }) else { return nil }
    return .init(VOCImporter(clean: clean, threads: threads), "\(files.count) XML files of annotations")
  }

  private var labelMe: FormatRecognition.Candidate? {
    let files = listing.files(withExtension: "json").filter { LabelMeImporter.fits($0, folder) }
    guard !files.isEmpty else { return nil }
    return .init(LabelMeImporter(clean: clean, threads: threads), "\(files.count) JSON files of shapes")
  }

  private var yolo: FormatRecognition.Candidate? {
    let files = YOLOImporter.labelFiles(in: listing)
    let isNamed = (try? YOLOImporter.description(in: listing, folder)) != nil
    let isLabelled = files.prefix(100).contains { path in
      (try? YOLOFile.parse(folder.labels(of: path), at: path)).map { !$0.objects.isEmpty } ?? false
    }
    guard isLabelled || (isNamed && !files.isEmpty) else { return nil }
    return .init(YOLOImporter(clean: clean, threads: threads), "\(files.count) text files of labels")
  }
}
