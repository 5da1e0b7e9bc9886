import Images
import Torch

/// Images of one batch as plain numbers, so that they can be made on another thread.
public struct PixelBatch: Sendable {
  /// Row-major [N, C, H, W], in [−1, 1].
  public let values: [Float]
  public let shape: [Int]

  public init(values: [Float], shape: [Int]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values cannot fill \(shape)")
    self.values = values
    self.shape = shape
  }

  /// Images of one size put together. 8 bits become p / 127.5 − 1, 16 bits p / 32767.5 − 1.
  public init(_ images: [Image]) {
    precondition(!images.isEmpty, "a batch needs an image")
    let (width, height, channels) = (images[0].width, images[0].height, images[0].channels)
    let size = width * height * channels
    let values = [Float](unsafeUninitializedCapacity: images.count * size) { buffer, initialized in
      for (index, image) in images.enumerated() {
        precondition(
          image.width == width && image.height == height && image.channels == channels,
          "images of a batch differ in size")
        let planes = UnsafeMutableBufferPointer(rebasing: buffer[index * size..<(index + 1) * size])
        switch image.samples {
        case .eight:
          image.writePlanes(of: PixelBox(x: 0, y: 0, width: width, height: height), mirrored: false, into: planes)
        case .sixteen(let samples):
          for channel in 0..<channels {
            for pixel in 0..<width * height {
              planes[channel * width * height + pixel] = Float(samples[pixel * channels + channel]) / 32767.5 - 1
            }
          }
        }
      }
      initialized = images.count * size
    }
    self.init(values: values, shape: [images.count, channels, height, width])
  }

  /// `count` square images, each written by `draw` right into its place: all of its planes [C, size, size].
  init(
    count: Int, channels: Int, size: Int, draw: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    let length = channels * size * size
    values = try [Float](unsafeUninitializedCapacity: count * length) { buffer, initialized in
      for index in 0..<count {
        try draw(index, UnsafeMutableBufferPointer(rebasing: buffer[index * length..<(index + 1) * length]))
        initialized += length
      }
    }
    shape = [count, channels, size, size]
  }

  /// Row-major. To a CUDA device the call does not wait for the copy.
  public func tensor(on device: Device = .cpu) throws(TorchError) -> Tensor {
    try Tensor(values, shape: shape, device: device)
  }

  /// The images of a tensor [N, C, H, W] in [−1, 1], 8 bits: rounded, not truncated, and clamped.
  public static func images(of tensor: Tensor) throws(TorchError) -> [Image] {
    let shape = tensor.shape
    guard shape.count == 4, shape[1] == 1 || shape[1] == 3 else {
      throw TorchError(.operation, "pictures are made of [N, 1 or 3, H, W], not \(shape)")
    }
    let bytes = try ((tensor.detached().converted(to: .float32) + 1) * 127.5).rounded().clamped(0, 255)
      .converted(to: .uint8).permuted([0, 2, 3, 1]).bytes()  // [N, H, W, C]
    let size = shape[1] * shape[2] * shape[3]
    return (0..<shape[0]).map { index in
      Image(
        width: shape[3], height: shape[2], channels: shape[1], bytes: Array(bytes[index * size..<(index + 1) * size]))
    }
  }
}
