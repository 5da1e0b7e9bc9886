import Files
import Foundation
import Images
import Testing

@testable import Datasets

struct RecognitionTests {
  let scene: ImportScene

  init() throws { scene = try ImportScene() }

  private func format() throws -> String {
    let found = try FormatRecognition(of: scene.source).only()
    return found.format + (found.options.isEmpty ? "" : " " + found.options)
  }

  private static let coco = #"{"images":[{"id":1,"file_name":"0.png"}],"annotations":[],"categories":[]}"#

  @Test func severalSignsAreNamedWithWhatToType() throws {
    try scene.write(picture(0), "train_images/0.png")
    try scene.write("ImageId,ClassId,EncodedPixels\n", "train.csv")
    #expect(try format() == "severstal")
    try scene.write(Self.coco, "a.json")
    #expect { try format() } throws: { error in
      ["severstal (run lengths in train.csv), coco (a.json)", "patina import severstal ", "; or patina import coco "].allSatisfy(
        "\(error)".contains)
    }
    #expect(try FormatRecognition(of: scene.temporary["src/a.json"]).only().format == "coco")
    #expect(try FormatRecognition(of: scene.temporary["src/train.csv"]).only().format == "severstal")
  }

  @Test func layoutsAreRecognised() throws {
    for key in 0..<4 { try scene.write(picture(key), "good/\(key).png") }
    for key in 4..<8 { try scene.write(picture(key), "bad/\(key).png") }
    #expect(try format() == "folders --clean 'good'")
    for key in 0..<8 { try scene.write("0 0.5 0.5 0.2 0.2", "\(key < 4 ? "good" : "bad")/\(key).txt") }
    #expect(try format() == "yolo")
  }

  @Test(arguments: ["In_1 In_2 In_3 Pa_1 Pa_2 Pa_3", "1 2 3 4 5 6", "x/1 x/2 y/3 y/4 y/5 y/6"])
  func masksTakeTheirClassFromNames(names: String) throws {
    for (key, name) in names.split(separator: " ").enumerated() {
      try scene.write(picture(key), "images/\(name).bmp", as: .bmp)
      try scene.write(rectangle(.init(x: 1, y: 1, width: 3, height: 3)).image, "masks/\(name).png")
    }
    let options = ["I": "--class-from prefix", "1": "--category Defect", "x": "--class-from folder"]
    #expect(try format() == "masks \(options[String(names.prefix(1))] ?? "")")
  }

  @Test func masksWithASuffix() throws {
    for key in 0..<3 {
      try scene.write(picture(key), "\(key).png")
      try scene.write(rectangle(.init(x: 1, y: 1, width: 3, height: 3)).image, "\(key)_mask.png")
    }
    #expect(try format() == "masks --mask-suffix _mask --category Defect")
  }

  @Test(arguments: [(UInt8(1), "--threshold 0"), (3, "--values index"), (200, "")])
  func masksOfDoubtfulValuesAreAsked(value: UInt8, remedy: String) throws {
    for key in 0..<3 {
      try scene.write(picture(key), "images/\(key).png")
      try scene.write(Image(width: 20, height: 16, bytes: (0..<320).map { $0 < 50 ? value : 0 }), "masks/\(key).png")
    }
    guard !remedy.isEmpty else {
      #expect(try format() == "masks --category Defect")
      return
    }
    #expect { try format() } throws: { "\($0)".contains(remedy) }
    try scene.write("a\nb\nc\n", "classes.txt")
    #expect(try format() == "masks --values index")
  }

  @Test func whatIsNoDataSetIsSaid() throws {
    #expect { try format() } throws: { "\($0)".contains("found nothing") }
    try scene.write("x", "weights.safetensors")
    #expect { try format() } throws: { "\($0)".contains("no image (1 .safetensors)") }
    try scene.write(picture(1), "1.png")
    #expect { try format() } throws: { "\($0)".contains("1 images and 1 .safetensors") }
  }
}
