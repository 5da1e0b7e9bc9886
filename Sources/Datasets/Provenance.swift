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
    /// Where the defect was taken from; nil where none was taken, and then not written.
    public let defectSource: DefectSource?
    /// What gates measured, by name; nil where there were none, and then not written.
    public var figures: [String: Double]?
    /// Why a gate refused the image: the gate's name, a colon and the reason. Nil where none did, and then not written.
    public var refused: String?

    public init(
      model: String, seed: UInt64, step: Int, source: String, sourceSplit: String, defectSource: DefectSource? = nil,
      figures: [String: Double]? = nil, refused: String? = nil
    ) {
      self.defectSource = defectSource
      self.figures = figures
      self.refused = refused
      self.model = model
      self.seed = seed
      self.step = step
      self.source = source
      self.sourceSplit = sourceSplit
    }

    private enum CodingKeys: String, CodingKey {
      case model, seed, step, source, figures, refused
      case sourceSplit = "source_split"
      case defectSource = "defect_source"
    }
  }

  /// The real defect that a synthetic image shows, and what was done to it.
  public struct DefectSource: Codable, Equatable, Sendable {
    /// File name of the image that shows it.
    public let source: String
    /// Which of the connected parts of that image's masks, from 0 on: classes by id, and within a class from the top.
    public let instance: Int
    /// Degrees clockwise, after mirroring.
    public let angle: Double
    /// Of the lengths.
    public let scale: Double
    /// Left to right.
    public let mirrored: Bool

    public init(source: String, instance: Int, angle: Double, scale: Double, mirrored: Bool) {
      self.source = source
      self.instance = instance
      self.angle = angle
      self.scale = scale
      self.mirrored = mirrored
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
  /// For windows: ids of the annotations of that image whose masks reach in.
  public var sourceAnnotations: [Int]?
  public var synthetic: Synthetic?
  /// For images of 16 bits: which values are spread over 0 ... 255. The whole range stands for a file stored as it came.
  public var window: ClosedRange<Int>?

  public init(
    source: String, group: String, sourceImage: String? = nil, box: PixelBox? = nil, sourceAnnotations: [Int]? = nil,
    synthetic: Synthetic? = nil, window: ClosedRange<Int>? = nil
  ) {
    self.source = source
    self.group = group
    self.sourceImage = sourceImage
    self.box = box
    self.sourceAnnotations = sourceAnnotations
    self.synthetic = synthetic
    self.window = window
    sha256 = ""
  }

  private enum CodingKeys: String, CodingKey {
    case source, sha256, group, box, synthetic, window
    case sourceImage = "source_image"
    case sourceAnnotations = "source_annotations"
  }
}
