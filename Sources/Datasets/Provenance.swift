import Images

/// Where an image came from.
public struct Provenance: Codable, Equatable, Sendable {
  /// How a synthetic image was made.
  public struct Synthetic: Codable, Equatable, Sendable {
    /// The generator: the content hash of its weights, or the name and version of a procedure.
    public let model: String
    public let seed: UInt64
    /// The training step of the weights; 0 for procedures.
    public let step: Int
    /// File name of the image that it was made from.
    public let source: String
    /// The split in which `source` stood; anything but `train` is a leak.
    public let sourceSplit: String

    public init(model: String, seed: UInt64, step: Int, source: String, sourceSplit: String) {
      self.model = model
      self.seed = seed
      self.step = step
      self.source = source
      self.sourceSplit = sourceSplit
    }

    private enum CodingKeys: String, CodingKey {
      case model, seed, step, source
      case sourceSplit = "source_split"
    }
  }

  /// Path of the original file, from the folder that was imported.
  public var source: String
  /// SHA-256 of the stored file, in hexadecimal; filled in by `DatasetWriter`.
  public var sha256: String
  /// Images of one group (exposures of one tile, windows of one picture) never stand on two sides of a split.
  public var group: String
  /// For windows: file name of the image that they were cut from, and where.
  public var sourceImage: String?
  public var box: PixelBox?
  public var synthetic: Synthetic?
  /// For images of 16 bits: which values are spread over 0 ... 255. The whole range stands for a file stored as it came.
  public var window: ClosedRange<Int>?

  public init(
    source: String, group: String, sourceImage: String? = nil, box: PixelBox? = nil, synthetic: Synthetic? = nil,
    window: ClosedRange<Int>? = nil
  ) {
    self.source = source
    self.group = group
    self.sourceImage = sourceImage
    self.box = box
    self.synthetic = synthetic
    self.window = window
    sha256 = ""
  }

  private enum CodingKeys: String, CodingKey {
    case source, sha256, group, box, synthetic, window
    case sourceImage = "source_image"
  }
}
