import Datasets
import Foundation
import Testing

struct FileListTests {
  @Test(arguments: [
    ["/a/b/one.png", "/a/b/two.png"], ["/a/b/one.png"], ["/a/one", "/b/two"],
    ["/a/b/c/x.png", "/a/b/c2/x.png", "/a/b/y"],
    ["/ü/ä1.png", "/ü/ö2.png", "/ü/ä 3%41.png"], ["/a/b", "/a/b/c"], [],
  ])
  func pathsComeBack(paths: [String]) {
    let urls = paths.map { URL(fileURLWithPath: $0, isDirectory: false) }
    let list = FileList(urls)
    #expect(list.count == paths.count)
    #expect(list.indices.map { list.path($0) } == paths)
    #expect(Array(list) == urls)
  }

  @Test func namesStandInTheirFolder() {
    for folder in ["/a/b", "/a/b/"] {
      let list = FileList(folder: folder, names: ["x.png", "y z.png"])
      #expect(list.indices.map { list.path($0) } == ["/a/b/x.png", "/a/b/y z.png"])
      #expect(list[1].lastPathComponent == "y z.png")
    }
  }
}
