import Foundation
import Images
import Torch

extension FuzzedReader {
  /// Images of up to a million pixels, decoded in all ways.
  static let image = FuzzedReader("image") { input in
    let encoded = try EncodedImage(input, at: "input", pixelLimit: 1 << 20)
    let header = encoded.header
    let width = min(header.width, 64), height = min(header.height, 64)
    let box = PixelBox(x: header.width - width, y: header.height - height, width: width, height: height)
    let planes = UnsafeMutableBufferPointer<Float>.allocate(capacity: 3 * width * height)
    defer { planes.deallocate() }
    _ = encoded.writePlanes(of: box, channels: 3, mirrored: true, into: planes)
    let image = try encoded.decoded()
    precondition(image.width * image.height <= 1 << 20, "more pixels than the limit")
    _ = try encoded.decoded(channels: 1)
    _ = try encoded.decoded(channels: 3)
  }

  static let safetensors = FuzzedReader("safetensors") { input in
    let file = Scratch.folder.appendingPathComponent("input.safetensors")
    try Scratch.write(input, to: file)
    _ = try Safetensors(contentsOf: file).tensors()
  }
}
