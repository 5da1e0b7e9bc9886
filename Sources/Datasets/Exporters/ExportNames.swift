import Foundation

/// Gives out paths, each once. In formats that find labels by an image's name without extension, that is what must differ.
struct ExportNames {
  private let byStem: Bool
  private var taken: Set<String> = []
  /// How many had to be renamed.
  private(set) var renamed = 0

  init(byStem: Bool) { self.byStem = byStem }

  /// `path`, or one much like it that nobody has.
  mutating func unique(_ path: String) -> String {
    let kind = (path as NSString).pathExtension
    let stem = path.withoutExtension
    var result = path
    var number = 1
    while !taken.insert((byStem ? result.withoutExtension : result).lowercased()).inserted {
      number += 1
      result = "\(stem)_\(number)" + (kind.isEmpty ? "" : ".\(kind)")
    }
    if number > 1 { renamed += 1 }
    return result
  }
}

extension ExportPlan {
  /// Places every image of a list.
  ///
  /// - Parameter path: where an image is to lie; its path in the plan if it is free.
  mutating func place(_ images: [DatasetImage], byStem: Bool, at path: (DatasetImage) -> String) {
    var names = ExportNames(byStem: byStem)
    places += images.map { ($0, names.unique(path($0))) }
    lose(names.renamed, "file names, changed because they would have met another's")
  }

  /// Leaves out images with a label whose pixels are not known: without the label they would pass for clean.
  mutating func masked(_ images: [DatasetImage]) -> [DatasetImage] {
    images.filter { image in
      let isKnown = image.annotations.allSatisfy { $0.segmentation != nil }
      if !isKnown { leaveOut(image, "with a label but no mask") }
      return isKnown
    }
  }

  /// Names the clean class, unless it has the name that importers give it.
  mutating func loseCleanName(of set: Dataset) {
    if set.cleanName != "Clean" { lost.append("the clean class's name '\(set.cleanName)' (--clean gives it back)") }
  }
}

extension Split {
  /// The usual name of its folder or file.
  var folderName: String {
    switch self {
    case .train: "train"
    case .validation: "val"
    case .test: "test"
    }
  }
}

extension Double {
  /// The shortest text that gives back the number; whole numbers without a point.
  var shortText: String { Int(exactly: self).map(String.init) ?? "\(self)" }
}
