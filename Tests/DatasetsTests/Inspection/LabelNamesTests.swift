import Images
import Testing

@testable import Datasets

struct LabelNamesTests {
  let set: InspectedSet

  init() throws { set = try InspectedSet() }

  private let box = PixelBox(x: 1, y: 1, width: 5, height: 5)

  @Test(arguments: [
    ("rolled-in_scale_12", ["rolled", "in", "scale", "12"]), ("In12b", ["in", "12", "b"]),
    ("Größe 3µ", ["größe", "3", "µ"]),
    ("", []), ("表面/キズ-1", ["表面", "キズ", "1"]),
  ])
  func wordsOfNames(text: String, expected: [String]) { #expect(LabelNames.words(text) == expected) }

  @Test func labelsOtherThanTheFilesNamesAreFound() throws {
    try set.write(categories: ["rolled-in_scale", "scale", "crazing"]) { writer in
      for key in 0..<8 {
        try writer.add(picture(key), "rolled-in_scale_\(key).png", [.init("rolled-in_scale", box: box)])
        try writer.add(picture(key + 20), "crazing_\(key).png", [.init("crazing", box: box)])
      }
      try writer.add(
        picture(50), "crazing_99.png", [.init("crazing", box: box), .init("scale", box: box), .init("scale", box: box)])
      try writer.add(picture(51), "Free_1.png", [.init("crazing", box: box)])
      try writer.add(picture(52), "scale_7.png")
    }
    let finding = try #require(try set.inspect().finding("labels-other-than-names"))
    #expect(
      finding.cases == [
        .init(["Free_1.png"], "named Free, labelled crazing"),
        .init(["crazing_99.png"], "named crazing, labelled scale"),
        .init(["scale_7.png"], "named scale, labelled Free"),
      ])
    #expect(finding.title.hasPrefix("4 of 21 labels, in 3 images"))
  }

  /// Names that say a class only now and then, or mostly another one, follow no rule.
  @Test func namesWithoutARuleSayNothing() throws {
    try set.write(categories: ["crazing", "1"]) { writer in
      for key in 0..<9 { try writer.add(picture(key), "image_\(key).png", [.init(key % 2 == 0 ? "1" : "crazing")]) }
      try writer.add(picture(20), "crazing.png", [.init("1")])
    }
    #expect(LabelNames(try Dataset(at: set.folder)).disagreeing == nil)
    try set.write(categories: ["crazing", "pit"]) { writer in
      for key in 0..<9 { try writer.add(picture(key), "crazing_\(key).png", [.init(key % 2 == 0 ? "pit" : "crazing")]) }
    }
    #expect(LabelNames(try Dataset(at: set.folder)).disagreeing == nil)
  }
}
