import Images
import Randomness

extension ImageTransform {
  /// Draws the random crop of a file as planes [C, size, size] in [−1, 1]: the numbers of `random(_:_:)` by the shortest way.
  ///
  /// What `images` keeps is taken from there. An image that need not be scaled and would not be kept is decoded no farther
  /// than the crop reaches, right into `planes`.
  func drawRandom(
    _ path: String, _ generator: SeededGenerator, from images: ScaledImages,
    into planes: UnsafeMutableBufferPointer<Float>
  ) throws {
    if let kept = images[path] { return draw(kept, generator, into: planes) }
    let file = try EncodedImage(contentsOf: path)
    let (width, height) = (file.header.width, file.header.height)
    if loadSize == nil, width >= size, height >= size, !images.hasRoom(for: width * height * channels) {
      let crop = randomCrop(width: width, height: height, generator)
      if file.writePlanes(of: crop.box, channels: channels, mirrored: crop.isMirrored, into: planes) { return }
    }
    let image = try scaled(file)
    images.keep(image, of: path)
    draw(image, generator, into: planes)
  }

  private func draw(_ image: Image, _ generator: SeededGenerator, into planes: UnsafeMutableBufferPointer<Float>) {
    let crop = randomCrop(width: image.width, height: image.height, generator)
    image.writePlanes(of: crop.box, mirrored: crop.isMirrored, into: planes)
  }

  private func randomCrop(width: Int, height: Int, _ generator: SeededGenerator) -> (box: PixelBox, isMirrored: Bool) {
    var generator = generator
    return randomCrop(width: width, height: height, &generator)
  }
}
