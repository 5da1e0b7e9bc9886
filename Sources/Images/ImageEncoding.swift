import CVision
import Foundation

extension Image {
  /// Encodes into a file of `format`. PNG and TIFF keep 16 bits; for JPEG and BMP, 16-bit samples lose their lower half.
  ///
  /// - Parameter quality: for JPEG, 0 ... 100.
  /// - Throws: `VisionError` when the encoder refuses, as for WebP where it was built without.
  public func encoded(as format: ImageFormat, quality: Int = 95) throws -> Data {
    precondition((0...100).contains(quality), "JPEG quality is 0 ... 100, not \(quality)")
    let keepsSixteen = format == .png || format == .tiff
    let source = bits == 16 && !keepsSixteen ? eightBit() : self
    var buffer = cv_buffer()
    try source.withView { view in
      try VisionError.check { error in
        cv_encode(view, ".\(format.fileExtension)", Int32(quality), &buffer, error)
      }
    }
    defer { cv_buffer_free(&buffer) }
    guard let bytes = buffer.bytes else { throw VisionError("no bytes came back") }
    return Data(bytes: bytes, count: buffer.count)
  }
}
