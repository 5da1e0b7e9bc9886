import Files
import Foundation

/// What must be known of each image's own file of labels before the first image comes: the image that it names and the
/// classes in it. What is wrong with a file is said when its image comes.
struct LabelHeads: Sendable {
  typealias Head = (image: String?, classes: Set<String>)

  private let files: [String]
  /// nil: the file could not be read.
  private let heads: [Head?]

  /// - Parameters:
  ///   - kind: what the files are, for the error.
  ///   - read: the head of a file's content; `place` names it in errors.
  /// - Throws: `InputError` when not one file can be read.
  init(
    of files: [String], in folder: SourceFolder, kind: String, threads: Int,
    read: @Sendable (_ content: Data, _ place: String) throws -> Head
  ) throws {
    self.files = files
    heads = parallelMap(count: files.count, threads: threads) { index in
      try? read(folder.labels(of: files[index]), files[index])
    }
    guard heads.contains(where: { $0 != nil }) else {
      throw InputError(at: folder.url.path, expected: kind, found: files.isEmpty ? "none" : "others")
    }
  }

  /// All classes, by name.
  var categories: [String] { Set(heads.compactMap { $0 }.flatMap(\.classes)).sorted() }

  func pair(into pairs: inout LabelPairs) {
    for (file, head) in zip(files, heads) { pairs.add(file, namedImage: head?.image) }
  }
}
