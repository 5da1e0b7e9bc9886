import Files
import Foundation
import Images
import Testing

@testable import Datasets

struct MaskValuesTests {
  /// Columns of 4 pixels with one value each.
  private func stripes(_ values: [UInt8]) -> Image {
    Image(width: 20, height: 16, bytes: (0..<320).map { values[$0 % 20 / 4] })
  }

  private func scene(_ mask: Data, classes: String? = nil) throws -> ImportScene {
    let scene = try ImportScene()
    try scene.write(picture(1), "images/1.png")
    try scene.write(mask, "masks/1.png")
    if let classes { try scene.write(classes, "classes.txt") }
    return scene
  }

  private func index(_ names: [String]?) -> MasksImporter { MasksImporter(classSource: .prefix, values: .index(names: names)) }

  @Test func numbersAreClasses() throws {
    let scene = try scene(stripes([0, 1, 2, 2, 255]).encoded(as: .png), classes: "hole\r\ncrack\r\n")
    let summary = try scene.run(index(nil))
    #expect(summary.masks == 2 && summary.classes == ["hole": 0, "crack": 1, "Clean": 0])
    #expect(try scene.boxes("1.png") == ["hole 4.0 0.0 4.0 16.0", "crack 8.0 0.0 8.0 16.0"])
  }

  @Test func valuesWithoutANameCostTheirImage() throws {
    let scene = try scene(stripes([0, 1, 2, 0, 0]).encoded(as: .png))
    #expect { try scene.run(index(["only"])) } throws: { "\($0)".contains("values up to 1") }
    _ = try scene.run(index(nil))
    #expect(try scene.boxes("1.png") == ["class_1 4.0 0.0 4.0 16.0", "class_2 8.0 0.0 4.0 16.0"])
  }

  @Test func binaryMasksAreNoNumbers() throws {
    let scene = try scene(stripes([0, 255, 0, 0, 255]).encoded(as: .png))
    #expect { try scene.run(index(["a", "b"])) } throws: { "\($0)".contains("binary masks") }
    #expect { try scene.run(index(nil)) } throws: { "\($0)".contains("binary masks") }
  }

  /// Made by Pillow: mode P, palette black, red, green; columns 0 0 1 2.
  @Test func palettesAreNumbers() throws {
    let file = try #require(
      Data(
        base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAQAAAACAgMAAAACxpXwAAAACVBMVEUAAAD/AAAA/wD0g79+AAAADElEQVR4nGNgY2IAAAAaAAn3ZCjXAAAAAElFTkSuQmCC"))
    let scene = try ImportScene()
    try scene.write(picture(1, width: 4, height: 2), "images/1.png")
    try scene.write(file, "masks/1.png")
    _ = try scene.run(index(["red", "green"]))
    #expect(try scene.boxes("1.png") == ["red 2.0 0.0 1.0 2.0", "green 3.0 0.0 1.0 2.0"])
    #expect(PNGPalette(of: file)?.colours.prefix(3) == [0, 0xff0000, 0x00ff00])
    for length in 0..<file.count { _ = PNGPalette(of: file.prefix(length)) }
    #expect(PNGPalette(of: try picture(1).encoded(as: .png)) == nil)
  }

  @Test func coloursAreClasses() throws {
    let colours: [[UInt8]] = [[0, 0, 0], [255, 0, 0], [0, 16, 255], [0, 0, 0], [255, 0, 0]]
    let mask = Image(width: 20, height: 16, channels: 3, bytes: (0..<320).flatMap { colours[$0 % 20 / 4] })
    let scene = try scene(mask.encoded(as: .png))
    let known = try MaskValues.Colour.list("red=#ff0000,blue=#0010ff")
    let summary = try scene.run(MasksImporter(classSource: .prefix, values: .colours(known)))
    #expect(summary.masks == 2)
    #expect(try scene.image("1.png").annotations.map(\.area) == [128, 64])
    #expect {
      try scene.run(MasksImporter(classSource: .prefix, values: .colours([known[0]])))
    } throws: { "\($0)".contains("#0010ff at (8, 0)") }
  }

  @Test(arguments: ["", "a", "a=ff0000", "a=#ff00", "a=#gg0000", "a=#000000", "a=#ff0000,a=#00ff00", "a=#ff0000,b=#ff0000"])
  func coloursThatAreNoneAreRefused(text: String) {
    #expect(throws: InputError.self) { try MaskValues.Colour.list(text) }
  }

  @Test func lowValuesAreNoted() throws {
    let scene = try scene(stripes([0, 1, 1, 0, 0]).encoded(as: .png))
    let faint = try scene.run(MasksImporter(classSource: .name("Flaw")))
    #expect(faint.clean == 1 && faint.notes[0].hasPrefix("1 masks hold values, but none above"))
    let found = try scene.run(MasksImporter(classSource: .name("Flaw"), values: .binary(above: 0)))
    #expect(found.masks == 1 && found.notes.isEmpty)
  }

  @Test func sixteenBitsGoThroughTheWindow() throws {
    let scene = try ImportScene()
    let deep = Image(width: 4, height: 1, channels: 1, samples: .sixteen([0, 1000, 2000, 65535]))
    try scene.write(deep, "a/x.tif", as: .tiff)
    try scene.write(picture(1), "a/x.png")
    try scene.write(deep, "b/y.png")
    _ = try scene.run(FoldersImporter())
    #expect(try scene.set().pixels(of: scene.image("a/x.tif")) == deep)
    #expect(try scene.image("a/x.tif").provenance.window == 0...65535)
    #expect(try scene.image("a/x.png").provenance.window == nil)
    _ = try scene.run(FoldersImporter(), window: 1000...2000)
    for name in ["a/x.tif.png", "b/y.png"] {
      #expect(try scene.set().pixels(of: scene.image(name)).bytes == [0, 0, 255, 255])
      #expect(try scene.image(name).provenance.window == 1000...2000)
    }
    #expect(try scene.set().pixels(of: scene.image("a/x.png")) == picture(1))
  }

  /// The classes of this suite for damage of any kind: never a crash, always an error of input.
  @Test(arguments: 0..<30)
  func survivesDamage(seed: Int) throws {
    var file = [UInt8](try stripes([0, 1, 2, 2, 255]).encoded(as: .png))
    file[(seed * 7919) % file.count] ^= UInt8(1 + seed % 255)
    do {
      _ = try ClassMask(Data(file), at: "x", colours: nil).labels(names: ["a", "b"], at: "x")
    } catch { #expect(error is InputError, "\(error)") }
  }
}
