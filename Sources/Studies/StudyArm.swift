/// How an arm treats the training data. Every arm trains the same classifier for the same number of optimizer steps.
public enum StudyArm: String, Codable, CaseIterable, Sendable {
  /// The real images, as they are.
  case real
  /// The real images and synthetic ones.
  case synthetic
  /// The real images, drawn so that every class is seen equally often.
  case oversampling
  /// The real images, with the loss weighted against the classes' frequencies.
  case classWeights = "class-weights"
  /// The real images with classical augmentation: mirrored, turned, brightness and contrast.
  case augmentation

  /// As written in tables.
  public var title: String {
    switch self {
    case .real: "Real only"
    case .synthetic: "Real + synthetic"
    case .oversampling: "Oversampling"
    case .classWeights: "Class weights"
    case .augmentation: "Augmentation"
    }
  }

  /// Whether it costs no more than a line of code, so that synthetic images have to beat it.
  public var isCheapRival: Bool {
    switch self {
    case .real, .synthetic: false
    case .oversampling, .classWeights, .augmentation: true
    }
  }
}
