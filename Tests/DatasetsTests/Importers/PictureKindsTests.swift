import Files
import Foundation
import Images
import Testing

@testable import Datasets

/// Pictures of every kind on their way into a data set.
struct PictureKindsTests {
  /// 3 × 2 pixels, made by Pillow: a PNG with alpha, and a WebP.
  private static let alpha =
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAIElEQVR4nAXBsQ0AIBAAId7GxN7W/bc8YWJPmCxx7lN8UFYGRNv6dzYAAAAASU"
    + "VORK5CYII="
  private static let webp =
    "UklGRjwAAABXRUJQVlA4TC8AAAAvAkAAAC8gECCI8J9qQ0iQ0P2/V4EAQYn/SvMf+MQQtgoUso0Ap3aPwZldRP9jvAA="

  /// A JPEG of 16 × 8 whose EXIF says that it is to be turned clockwise.
  private func lying() throws -> Data {
    var file = try picture(3, width: 16, height: 8).encoded(as: .jpeg)
    let exif: [UInt8] =
      [0xff, 0xe1, 0, 34] + Array("Exif".utf8) + [0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1]
      + [0, 6, 0, 0, 0, 0, 0, 0]
    file.insert(contentsOf: exif, at: 2)
    return file
  }

  @Test func everyFormatIsStoredAsItCame() throws {
    let scene = try ImportScene()
    let files: [(String, Data)] = [
      ("1.bmp", try picture(1).encoded(as: .bmp)), ("2.tif", try picture(2).colour().encoded(as: .tiff)),
      ("3.JPG", try picture(3).encoded(as: .jpeg)), ("4.png", try #require(Data(base64Encoded: Self.alpha))),
      ("5.webp", try #require(Data(base64Encoded: Self.webp))),
      // What a file is, its first bytes say.
      ("6.jpg", try picture(6).encoded(as: .png)),
    ]
    for (name, file) in files { try scene.write(file, "a/" + name) }
    #expect(try scene.run(FoldersImporter()).images == 6)
    let set = try scene.set()
    for (name, file) in files {
      let image = try scene.image("a/" + name)
      #expect(try Data(contentsOf: set.url(of: image)) == file)
    }
    for name in ["a/4.png", "a/5.webp"] {
      let pixels = try set.pixels(of: scene.image(name))
      #expect(pixels.channels == 3 && pixels.bytes.prefix(6) == [255, 0, 0, 0, 255, 0], "\(name)")
    }
  }

  @Test func labelsAreOfTheUprightImage() throws {
    let scene = try ImportScene()
    try scene.write(try lying(), "1.jpg")
    let upright = rectangle(.init(x: 1, y: 2, width: 4, height: 9), width: 8, height: 16)
    try scene.write(upright.image, "1.png")
    let summary = try scene.run(MasksImporter(classSource: .name("x")))
    #expect(summary.problems.isEmpty && summary.masks == 1)
    #expect(try scene.image("1.jpg").width == 8)
    let export = try ExportRun(to: scene.temporary["out"]).run(COCOExporter(), of: scene.set())
    #expect(export.lost.contains { $0.hasPrefix("1 images' labels as other programs see them") })
    try scene.write(rectangle(.init(x: 1, y: 2, width: 4, height: 4), width: 16, height: 8).image, "1.png")
    #expect(throws: InputError.self) { try scene.run(MasksImporter(classSource: .name("x"))) }
  }
}
