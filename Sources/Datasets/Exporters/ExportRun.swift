import Files
import Foundation
import Images

/// Writes a data set in another format: beside its place first, and put there whole.
public struct ExportRun: Sendable {
  public let destination: URL
  public var isReplacing: Bool
  public var threads: Int
  /// Called after each portion with how many of how many images were written.
  public var progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }

  public init(to destination: URL, isReplacing: Bool = false, threads: Int = 2) {
    self.destination = destination
    self.isReplacing = isReplacing
    self.threads = threads
  }

  /// - Throws: `InputError` when something stands at the destination, an image's file is not the one that was imported, or the
  ///   format can hold nothing of the set.
  public func run(_ exporter: some Exporter, of set: Dataset) throws -> ExportSummary {
    var plan = try exporter.plan(for: set)
    guard !plan.places.isEmpty else {
      let reason = plan.leftOut.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key
      throw InputError(
        at: set.folder.path, expected: "images that \(type(of: exporter).format) can hold",
        found: reason.map { "none: \($0)" } ?? "none")
    }
    let staged = try StagedFolder(for: destination, replacing: isReplacing)
    let folder = staged.url
    var lying = 0
    try parallelInOrder(count: plan.places.count, threads: threads) { [plan] index in
      Result {
        let (image, path) = plan.places[index]
        let isLying = try copy(image, of: set, to: folder.appendingPathComponent(path))
        if let table = try plan.labelFile(image, path) { try write(table, below: folder) }
        return isLying
      }
    } take: { _, isLying in
      if try isLying.get() { lying += 1 }
    } progress: { done in
      progress(done, plan.places.count)
    }
    plan.lose(
      lying, "images' labels as other programs see them, for EXIF turns these images and not all programs obey it")
    for table in plan.tables { try write(table, below: folder) }
    try staged.commit()
    return ExportSummary(
      format: type(of: exporter).format, images: plan.places.count,
      annotations: plan.places.reduce(0) { $0 + $1.image.annotations.count }, leftOut: plan.leftOut,
      lost: plan.lost + common(set))
  }

  /// What no format holds.
  private func common(_ set: Dataset) -> [String] {
    let hasDepth = set.images.contains { FileManager.default.fileExists(atPath: set.depthURL(of: $0).path) }
    return ["groups and provenance"] + (hasDepth ? ["depth maps"] : [])
  }

  /// Copies an image's file byte for byte.
  ///
  /// - Returns: whether the stored pixels lie on their side, so that they are turned when read.
  private func copy(_ image: DatasetImage, of set: Dataset, to place: URL) throws -> Bool {
    let data = try Image.data(of: set.url(of: image))
    guard ContentHash.sha256(data) == image.provenance.sha256 else {
      throw InputError(
        at: set.url(of: image).path, expected: "the file that was imported", found: "another", remedy: "Import it anew")
    }
    let header = try ImageHeader(of: data, at: image.fileName)
    try write(data, to: place)
    return header.width != header.height && (header.width, header.height) == (image.height, image.width)
  }

  private func write(_ table: ExportPlan.Table, below folder: URL) throws {
    try write(table.data, to: folder.appendingPathComponent(table.path))
  }

  private func write(_ data: Data, to place: URL) throws {
    try WriteError.explaining(destination.path) {
      try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: place)  // The folder is staged as a whole, so a plain write is enough here.
    }
  }
}
