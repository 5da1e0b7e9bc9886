import Foundation

/// The paths of many files in little memory: what all of them begin with is kept once, the rest in one block.
public struct FileList: RandomAccessCollection, Sendable {
  private let shared: String
  /// What follows `shared`.
  private var rests = PackedNames()

  /// Files of one folder by their names.
  public init(folder: String, names: some Sequence<String>) {
    shared = folder.hasSuffix("/") ? folder : folder + "/"
    for name in names { rests.append(name.utf8) }
  }

  public init(_ urls: [URL]) {
    var prefix = Array(urls.first?.path.utf8 ?? "".utf8)
    for url in urls {
      let same = zip(prefix, url.path.utf8).prefix { $0 == $1 }.count
      prefix.removeLast(prefix.count - same)
    }
    // Up to a slash, so that no character is cut in two.
    prefix = Array(prefix.prefix((prefix.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1))
    shared = String(decoding: prefix, as: UTF8.self)
    for url in urls { rests.append(url.path.utf8.dropFirst(prefix.count)) }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { rests.count }

  public subscript(index: Int) -> URL { URL(fileURLWithPath: path(index), isDirectory: false) }

  public func path(_ index: Int) -> String { shared + rests[index] }
}
