/// How well a segmenter found the defects of a whole set. A figure that has no value is nil, never 0.
public struct SegmenterFigures: Codable, Equatable, Sendable {
  /// Defects of some sizes, connected parts of masks, and how many of them were found: at least a quarter of their pixels was
  /// called their class.
  public struct Stretch: Codable, Equatable, Sendable {
    /// Pixels of the smallest and of the largest.
    public let smallest: Int
    public let largest: Int
    public let count: Int
    public let found: Int
  }

  public struct Defect: Codable, Equatable, Sendable {
    public let name: String
    /// That show it.
    public let images: Int
    /// Over all pixels of the set taken together, as are the next three.
    public let dice: Double?
    public let intersectionOverUnion: Double?
    public let precision: Double?
    public let recall: Double?
    /// The mean over the images that show the class.
    public let meanDice: Double?
    public let meanIntersectionOverUnion: Double?
    /// Of the class's probability, over all pixels of the set.
    public let pixelAveragePrecision: Double?
    /// Of the images' scores: the mean of the class's highest 0.1 % of probabilities.
    public let averagePrecision: Double?
    public let areaUnderROC: Double?
    /// In up to three parts, small ones first.
    public let bySize: [Stretch]

    private enum CodingKeys: String, CodingKey {
      case name, images, dice, precision, recall
      case intersectionOverUnion = "iou"
      case meanDice = "mean_dice"
      case meanIntersectionOverUnion = "mean_iou"
      case pixelAveragePrecision = "pixel_average_precision"
      case averagePrecision = "average_precision"
      case areaUnderROC = "auroc"
      case bySize = "by_size"
    }
  }

  public let images: Int
  public let clean: Int
  /// Images whose defects have no masks: they count for the images' scores alone.
  public let unmapped: Int
  public let defects: [Defect]
  /// Of clean against defective images, whatever the defect.
  public let averagePrecision: Double?
  public let areaUnderROC: Double?

  /// The mean over the classes that have one.
  public var meanDice: Double? {
    let values = defects.compactMap(\.dice)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private enum CodingKeys: String, CodingKey {
    case images, clean, unmapped, defects
    case averagePrecision = "average_precision"
    case areaUnderROC = "auroc"
  }
}
