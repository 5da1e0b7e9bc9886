import Foundation
import Images

/// Severstal's `train.csv` read as plainly as can be, for comparison: run lengths down the columns, from 1 on.
enum SlowSeverstal {
  static func scenes(at folder: URL) throws -> [SlowWindows.Scene] {
    let text = try String(contentsOf: folder.appendingPathComponent("train.csv"), encoding: .utf8)
    var scenes: [String: SlowWindows.Scene] = [:]
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let image = try Image(contentsOf: folder.appendingPathComponent("train_images/\(fields[0])"))
      let bytes = image.bytes
      let grey = (0..<image.height).map { y in
        (0..<image.width).map { x in
          // The pictures are grey, so that any channel will do.
          Int(bytes[(y * image.width + x) * image.channels])
        }
      }
      var scene = scenes[fields[0]] ?? SlowWindows.Scene(name: fields[0], grey: grey, classes: [:])
      let numbers = fields[2].split(separator: " ").compactMap { Int($0) }
      var pixels = Array(repeating: Array(repeating: false, count: image.width), count: image.height)
      for pair in stride(from: 0, to: numbers.count, by: 2) {
        for position in numbers[pair] - 1..<numbers[pair] - 1 + numbers[pair + 1] {
          pixels[position % image.height][position / image.height] = true
        }
      }
      scene.classes[fields[1]] = pixels
      scenes[fields[0]] = scene
    }
    return scenes.values.sorted { $0.name < $1.name }
  }
}
