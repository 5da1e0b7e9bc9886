import Randomness
import Torch

/// A store of generated images, so that a discriminator also sees older ones (Shrivastava et al., CVPR 2017).
///
/// The first `capacity` images pass through and are stored. Afterwards, image by image, with probability ½ a stored image is
/// given instead and replaced by the new one; otherwise the new one passes through and is not stored.
public final class ImagePool {
  public let capacity: Int
  /// Each [1, C, H, W], detached.
  public private(set) var images: [Tensor]
  /// Saved with the images, so that a resumed run draws the same.
  public private(set) var generator: SeededGenerator

  public init(capacity: Int = 50, generator: SeededGenerator, images: [Tensor] = []) {
    precondition(images.count <= capacity, "an image pool of \(capacity) cannot hold \(images.count)")
    self.capacity = capacity
    self.generator = generator
    self.images = images
  }

  /// Shapes: [N, C, H, W] → [N, C, H, W].
  public func exchange(_ batch: Tensor) throws(TorchError) -> Tensor {
    guard capacity > 0 else { return try batch.detached() }
    var result: [Tensor] = []
    for index in 0..<batch.shape[0] {
      let image = try batch.sliced(0, index..<index + 1).detached().cloned()
      if images.count < capacity {
        images.append(image)
        result.append(image)
      } else if generator.bool() {
        let place = generator.int(below: capacity)
        result.append(images[place])
        images[place] = image
      } else {
        result.append(image)
      }
    }
    return try Tensor.concatenated(result)
  }
}
