import Foundation
import Images
import Testing

@testable import Datasets

/// What `NearDuplicates` finds in public data whose duplicates are known.
@Suite(.serialized)
struct DuplicatesRealDataTests {
  /// Images below a folder, without masks, in order of their paths.
  private func files(_ name: String) throws -> [URL] {
    let folder = RealData.folder.appendingPathComponent(name).resolvingSymlinksInPath()
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (found?.allObjects as? [URL] ?? []).filter { url in
      switch url.pathExtension {
      case "jpg", "bmp": true
      case "png": name == "x-sdd"  // Elsewhere they are masks.
      default: false
      }
    }.sorted { $0.path < $1.path }
  }

  private func clusters(_ name: String, _ likeness: NearDuplicates.Likeness = .copy) throws -> [[(URL, Bool)]] {
    let files = try files(name)
    let signatures = parallelMap(count: files.count) { index in
      Result { try ImageSignature(of: Image(contentsOf: files[index])) }
    }
    return try NearDuplicates(likeness).clusters(of: signatures.map { try $0.get() }) {
      try Image(contentsOf: files[$0])
    }.map { cluster in cluster.members.map { (files[$0.index], $0.isExact) } }
  }

  @Test(.enabled(if: RealData.has("x-sdd"), "needs X-SDD"), arguments: NearDuplicates.Likeness.allCases)
  func hotRolledStrip(_ likeness: NearDuplicates.Likeness) throws {
    let found = try clusters("x-sdd", likeness)
    #expect(found.count == 9 && found.allSatisfy { $0.count == 2 && $0[1].1 })
  }

  /// 25 are the same file; the others were looked at: saved again, or once in colour and once in grey.
  @Test(.enabled(if: RealData.has("horse2zebra-128"), "needs horse2zebra"))
  func horsesAndZebras() throws {
    let found = try clusters("horse2zebra-128")
    func sides(_ cluster: [(URL, Bool)]) -> Set<String> {
      Set(cluster.map { $0.0.deletingLastPathComponent().lastPathComponent })
    }
    let exact = found.filter { $0.allSatisfy(\.1) }
    #expect(exact.count == 25 && exact.allSatisfy { $0.count == 2 })
    #expect(exact.filter { sides($0).count > 1 }.map(sides) == [["testA", "trainA"]])
    let near = found.filter { !$0.allSatisfy(\.1) }.map { $0.map { $0.0.lastPathComponent } }
    #expect(
      Set(near) == [
        ["n02391049_1127.jpg", "n02391049_7851.jpg"], ["n02391049_6227.jpg", "n02391049_7434.jpg"],
        ["n02391049_6622.jpg", "n02391049_935.jpg"], ["n02391049_5240.jpg", "n02391049_2136.jpg"],
      ])
  }

  /// Exposures of one tile are not copies of each other.
  @Test(.enabled(if: RealData.has("mtd"), "needs the magnetic tiles"))
  func exposuresOfTilesAreNoCopies() throws {
    #expect(try clusters("mtd").isEmpty)
  }

  @Test(.enabled(if: RealData.has("neu-det-240"), "needs NEU-DET"), arguments: NearDuplicates.Likeness.allCases)
  func likeSteelIsNoCopy(_ likeness: NearDuplicates.Likeness) throws {
    #expect(try clusters("neu-det-240", likeness).isEmpty)
  }
}
