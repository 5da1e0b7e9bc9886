import Randomness
import Torch

/// What chance decides in one step of CUT, drawn beforehand: the passes and losses themselves are functions of it.
public struct CUTDraw {
  /// Whether the generator sees this step's pictures mirrored left to right.
  public let mirrored: Bool
  /// Places to compare in each tapped layer, as indices y · W + x, for clean → defect. The same for queries and keys, and for
  /// every image of the batch.
  public let patches: [Tensor]
  /// The same for the identity loss; empty without one.
  public let identityPatches: [Tensor]

  public init(mirrored: Bool, patches: [Tensor], identityPatches: [Tensor]) {
    self.mirrored = mirrored
    self.patches = patches
    self.identityPatches = identityPatches
  }

  /// Draws for pictures of `height` × `width`: the mirror first, then each layer's places, then those of the identity loss.
  /// A layer with fewer places than the loss asks for gives all it has.
  public init(
    for loss: CUTLoss, _ model: CUT, height: Int, width: Int, using generator: inout SeededGenerator
  ) throws(TorchError) {
    let shapes = try model.cleanToDefect.featureShapes(at: model.layers, height: height, width: width)
    func places() throws(TorchError) -> [Tensor] {
      var result: [Tensor] = []
      for shape in shapes {
        let count = shape.height * shape.width
        result.append(try Tensor(generator.distinct(min(loss.patches, count), below: count)))
      }
      return result
    }
    mirrored = loss.mirroring && generator.bool()
    patches = try places()
    identityPatches = loss.identity ? try places() : []
  }

  /// The same on a device.
  public func moved(to device: Device) throws(TorchError) -> CUTDraw {
    guard device != .cpu else { return self }
    func moved(_ places: [Tensor]) throws(TorchError) -> [Tensor] {
      try places.map { places throws(TorchError) in try places.moved(to: device) }
    }
    return try CUTDraw(mirrored: mirrored, patches: moved(patches), identityPatches: moved(identityPatches))
  }
}
