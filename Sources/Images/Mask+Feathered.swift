extension Mask {
  /// The mask with a soft edge: 1 on its pixels, around them falling evenly to 0 at `reach` + 1 pixels from the nearest of
  /// them. With 0 the edge is as hard as the mask. [H, W].
  public func feathered(by reach: Double) throws -> [Float] {
    precondition(reach >= 0, "a soft edge of \(reach) pixels")
    guard !isEmpty else { return [Float](repeating: 0, count: width * height) }
    return try inverted.distances().map { max(0, 1 - $0 / Float(reach + 1)) }
  }
}
