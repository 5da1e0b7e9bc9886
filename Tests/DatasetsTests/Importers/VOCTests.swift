import Files
import Foundation
import Images
import Testing

@testable import Datasets

struct VOCTests {
  private func xml(_ objects: String, name: String = "1.jpg", size: String = "<width>20</width><height>16</height>") -> String {
    """
    <?xml version="1.0" encoding="utf-8"?>
    <!-- made by hand -->
    <annotation verified="yes">
      <filename>\(name)</filename>
      <size>\(size)</size>
      \(objects)
    </annotation>

    """
  }

  private func object(_ box: [String], name: String = "a &amp; b") -> String {
    let tags = ["xmin", "ymin", "xmax", "ymax"]
    return "<object><name>\(name)</name><bndbox>"
      + zip(tags, box).map { "<\($0)>\($1)</\($0)>" }.joined(separator: "\n") + "</bndbox></object>"
  }

  @Test(arguments: [false, true])
  func readsBoxes(windows: Bool) throws {
    let scene = try ImportScene()
    try scene.write(picture(1), "IMAGES/名 前 1.jpg", as: .jpeg)
    try scene.write(picture(2), "IMAGES/2.jpg", as: .jpeg)
    try scene.write(picture(3), "IMAGES/3.jpg", as: .jpeg)
    let text = xml(object(["1", "2", "20", "16"]) + object(["3.5", "4", "5", "6"], name: "<![CDATA[ <c> ]]>"), name: "2.jpg")
    try scene.write(windows ? asWindowsWrites(text) : Data(text.utf8), "ANNOTATIONS/名 前 1.xml")
    try scene.write(xml("", name: "2.jpg", size: "<width>0</width><height>0</height>"), "ANNOTATIONS/2.xml")
    let summary = try scene.run(VOCImporter())
    #expect(summary.problems.isEmpty, "\(summary.problems)")
    #expect(try scene.boxes("名 前 1.jpg") == ["a & b 0.0 1.0 20.0 15.0", "<c> 2.5 3.0 2.5 3.0"])
    #expect(summary.clean == 1 && summary.images == 2)
    #expect(summary.notes[0].hasPrefix("1 images without a XML file were left out"))
    #expect(summary.notes[1].hasPrefix("1 files of labels name another image"))
    #expect(try scene.run(VOCImporter(unlabelledIsClean: true)).clean == 2)
    _ = try scene.run(VOCImporter(countsFromOne: false))
    #expect(try scene.boxes("名 前 1.jpg")[0] == "a & b 1.0 2.0 19.0 14.0")
  }

  @Test func listsAreSplits() throws {
    let scene = try ImportScene()
    for key in 1...3 {
      try scene.write(picture(key), "JPEGImages/d/\(key).jpg", as: .jpeg)
      try scene.write(xml("", name: "\(key).jpg"), "Annotations/d/\(key).xml")
    }
    try scene.write("d/1\n", "ImageSets/Main/train.txt")
    try scene.write("d/2\r\n", "ImageSets/Main/val.txt")
    try scene.write("d/1\nd/2\n", "ImageSets/Main/trainval.txt")
    #expect(try scene.run(VOCImporter()).splits == ["train": 1, "validation": 1])
    #expect(try scene.image("d/2.jpg").split == .validation)
    try scene.write("d/1\n", "ImageSets/Main/test.txt")
    #expect(throws: InputError.self) { try scene.run(VOCImporter()) }
  }

  @Test(arguments: [
    "<a>", "<a></b>", "<a></a><b/>", "<a>&unknown;</a>", "<a>&#0;</a>", "<a>& </a>", "<a b></a>", "<a b='1></a>", "text<a/>",
    "<a/>text", "", "<", "<!-- <a/>", "<a><![CDATA[x]]", "<a b=\"&x;\"/>", "<a><b></a></b>", "</a>", "<a", "<a b", "<a b=", "<a b='",
    "<!DOCTYPE a><a/>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
    "<!DOCTYPE a [<!ENTITY x \"xx\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>",
    "<a><!ENTITY x \"y\"></a>",
    String(repeating: "<a>", count: 10_000), String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33),
  ])
  func refusesWhatIsNoXMLOrMore(text: String) {
    #expect(throws: InputError.self) { try XMLElement.parse(Data(text.utf8), at: "x.xml") }
  }

  @Test func readsXML() throws {
    let root = try XMLElement.parse(Data("<?xml?><a x='1' y=\"&lt;\"><b/> t&#x41;&#66; <c> d </c></a><!-- e -->".utf8), at: "x")
    #expect(root.name == "a" && root.text == "tAB" && root.children.map(\.name) == ["b", "c"] && root.children[1].text == "d")
    #expect { try XMLElement.parse(Data("<a>\n\n<b></c></a>".utf8), at: "x") } throws: { "\($0)".contains("x: line 3") }
  }

  @Test(arguments: [
    ["nan", "2", "3", "4"], ["1", "inf", "3", "4"], ["1", "2", "", "4"], ["1", "2", "3"], ["9", "2", "3", "4"],
    ["1e300", "2", "1e301", "4"], ["100", "100", "120", "120"],
  ])
  func boxesThatCannotBeCostTheirImage(box: [String]) throws {
    let scene = try ImportScene()
    for key in 1...2 { try scene.write(picture(key), "\(key).png") }
    try scene.write(xml(object(box)), "1.xml")
    try scene.write(xml(object(["1", "1", "2", "2"])), "2.xml")
    let summary = try scene.run(VOCImporter())
    #expect(summary.images == 1 && summary.boxes == 1)
    #expect(summary.problems.count == 1 && summary.problems[0].path.hasPrefix("1.xml"))
  }

  /// Cut anywhere, a file is refused, and never read as another.
  @Test func refusesWhateverIsCutOff() throws {
    let whole = Data(xml(object(["1", "2", "3", "4"])).utf8)
    _ = try VOCFile.parse(whole, at: "x")
    for length in 0..<whole.count - 3 {
      #expect(throws: InputError.self) { try VOCFile.parse(whole.prefix(length), at: "x") }
    }
  }
}
