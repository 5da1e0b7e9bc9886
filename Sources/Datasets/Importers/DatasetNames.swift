/// Names of images in the data set: their paths without the folder that holds them all by convention.
struct DatasetNames {
  let names: [String: String]

  /// - Parameters:
  ///   - containers: in lower case, such as `images`; what stands before the first of them is dropped too.
  ///   - splits: of images whose folder says it; that folder is dropped, too.
  init(of paths: [String], containers: Set<String>, splits: [String: Split] = [:]) {
    var names: [String: String] = [:]
    var taken: [String: Int] = [:]
    for path in paths {
      let parts = path.split(separator: "/")
      let place = parts.dropLast().firstIndex { containers.contains($0.lowercased()) }
      var rest = parts[(place.map { $0 + 1 } ?? 0)...]
      if rest.count > 1, let split = splits[path], let first = rest.first, Split(folder: first) == split {
        rest = rest.dropFirst()
      }
      // A whole path is the one text in memory.
      let name = rest.count == parts.count ? path : rest.joined(separator: "/")
      names[path] = name
      taken[name, default: 0] += 1
    }
    // Two images of one name keep their folders.
    self.names = names.merging(
      names.filter { taken[$0.value] != 1 }.map { ($0.key, $0.key) }, uniquingKeysWith: { $1 })
  }
}

extension Split {
  /// By a folder's usual names.
  init?(folder: some StringProtocol) {
    switch folder.lowercased() {
    case "train", "training": self = .train
    case "val", "valid", "validation": self = .validation
    case "test", "testing": self = .test
    default: return nil
    }
  }
}
