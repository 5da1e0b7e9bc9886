import Files
import Foundation

/// What stands beside windows (`crop.json`): how they were chosen, from what, and what came of it. Windows of the same numbers
/// and images are not cut again.
struct CropRecord<Chooser: WindowChooser>: Codable {
  static var fileName: String { "crop.json" }
  private static var currentVersion: Int { 1 }

  let version: Int
  let way: String
  let chooser: Chooser
  /// SHA-256 over the tables of the data set that was cut; they hold the hashes of its images.
  let origin: String
  let windows: Int
  let report: CropReport

  init(chooser: Chooser, origin: String, windows: Int, report: CropReport) {
    version = Self.currentVersion
    way = String(describing: Chooser.self)
    self.chooser = chooser
    self.origin = origin
    self.windows = windows
    self.report = report
  }

  static func digest(of dataset: Dataset) throws -> String {
    let tables = [DatasetForm.annotations, DatasetForm.splits, DatasetForm.provenance]
    let hashes = try tables.map { try ContentHash.sha256(contentsOf: dataset.folder.appendingPathComponent($0)) }
    return ContentHash.sha256(Data(hashes.joined().utf8))
  }

  /// Written last: without it the windows are whole, and only not known to be so.
  func write(to destination: URL) throws {
    try JSONFile.write(self, to: destination.appendingPathComponent(Self.fileName))
  }

  /// What was made at `destination` by the same numbers from the same images; nil when anything is otherwise.
  static func summary(at destination: URL, of chooser: Chooser, _ origin: String) -> CropSummary? {
    guard let record = try? JSONFile.read(Self.self, from: destination.appendingPathComponent(fileName)),
      record.version == currentVersion, record.way == String(describing: Chooser.self), record.origin == origin,
      let (before, now) = try? (JSONFile.encode(record.chooser), JSONFile.encode(chooser)), before == now,
      // Something may be missing by now.
      let (head, windows) = try? DatasetReader(folder: destination).reduce(into: [:], CropSummary.count)
    else { return nil }
    let summary = CropSummary(of: head, windows, report: record.report, wasDone: true)
    return summary.windows == record.windows ? summary : nil
  }
}
