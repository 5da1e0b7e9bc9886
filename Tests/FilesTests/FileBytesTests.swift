import Files
import Foundation
import TestFolders
import Testing

struct FileBytesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [0, 1, 12, 100_000])
  func wholeFilesAndTheirBeginnings(size: Int) throws {
    let bytes = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try folder.write(bytes, "file")
    #expect(try FileBytes.all(of: folder["file"].path) == bytes)
    #expect(FileBytes.first(12, of: folder["file"].path) == bytes.prefix(12))
  }

  @Test func saysWhatIsNotAFile() throws {
    func found(_ path: String) -> String? {
      do {
        _ = try FileBytes.all(of: path)
        return nil
      } catch { return (error as? InputError)?.found }
    }
    // Opening a pipe to which nobody writes would wait for ever.
    #expect(mkfifo(folder["pipe"].path, 0o600) == 0)
    #expect(found(folder["none"].path) == "none")
    #expect(found(folder.url.path) == "something else")
    #expect(found(folder["pipe"].path) == "something else")
    for path in [folder["none"].path, folder.url.path, folder["pipe"].path] {
      #expect(FileBytes.first(12, of: path) == nil)
    }
    try folder.write("x", "link target")
    try FileManager.default.createSymbolicLink(at: folder["link"], withDestinationURL: folder["link target"])
    #expect(try FileBytes.all(of: folder["link"].path) == Data("x".utf8))
  }

  @Test func refusesHugeFilesUnread() throws {
    try folder.write("", "huge")
    let handle = try FileHandle(forWritingTo: folder["huge"])
    try handle.truncate(atOffset: UInt64(FileBytes.limit) + 1)  // takes no room on the disk
    try handle.close()
    #expect(throws: InputError.self) { try FileBytes.all(of: folder["huge"].path) }
    #expect(FileBytes.first(2, of: folder["huge"].path) == Data([0, 0]))
    try folder.write("four", "small")
    #expect(throws: InputError.self) { try FileBytes.all(of: folder["small"].path, limit: 3) }
    #expect(try FileBytes.all(of: folder["small"].path, limit: 4) == Data("four".utf8))
  }
}
