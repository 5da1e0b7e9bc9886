import Foundation

/// What an arm adds to the real images, and how it treats them all. Every arm trains the same network for the same number
/// of optimizer steps.
public struct StudyArm: Hashable, Sendable {
  /// Images besides the real ones, as many of each defect as the study's settings say.
  public enum Addition: String, Codable, CaseIterable, Sendable {
    /// What the study's translators make.
    case synthetic
    /// Real training defects, pasted onto clean training images by Poisson's equation.
    case copyPaste = "copy-paste"
    /// A control: images that show nothing, under the defects' names. They must not help.
    case placebo
    /// A control: the real training defects that a fraction holds back, as many as there would be synthetic ones. The most that
    /// these could bring.
    case oracle
  }

  /// What is done against the classes' imbalance, or to the images.
  public enum Treatment: String, Codable, CaseIterable, Sendable {
    /// Images are drawn so that every class is seen equally often.
    case oversampling
    /// The loss is weighted against the classes' frequencies.
    case classWeights = "class-weights"
    /// The loss is weighted against the classes' effective numbers of images (Cui et al., CVPR 2019).
    case effectiveNumber = "effective-number"
    /// Images are mirrored, turned, brightened and darkened.
    case augmentation
  }

  /// Which images are added, and how many.
  public struct Source: Hashable, Sendable {
    public let addition: Addition
    /// How many times as many images as the study's settings say.
    public let factor: Double

    public init(_ addition: Addition, factor: Double = 1) {
      self.addition = addition
      self.factor = factor
    }

    /// Such as "synthetic", or "synthetic@2" for twice as many.
    public var name: String { factor == 1 ? addition.rawValue : "\(addition.rawValue)@\(Self.text(factor))" }

    static func text(_ factor: Double) -> String {
      factor == factor.rounded() ? "\(Int(factor))" : "\(factor)"
    }

    /// - Parameter name: nil for what is no source; factors lie in 0.01...100.
    init?(name: String) {
      let parts = name.split(separator: "@", omittingEmptySubsequences: false)
      guard let first = parts.first, let addition = Addition(rawValue: String(first)), parts.count <= 2 else {
        return nil
      }
      var factor = 1.0
      if parts.count == 2 {
        guard let given = Double(parts[1]), (0.01...100).contains(given), given != 1 else { return nil }
        factor = given
      }
      self.init(addition, factor: factor)
    }
  }

  /// nil for the real images alone.
  public let source: Source?
  public let treatment: Treatment?
  public var addition: Addition? { source?.addition }

  public init(_ addition: Addition? = nil, _ treatment: Treatment? = nil, factor: Double = 1) {
    source = addition.map { Source($0, factor: factor) }
    self.treatment = treatment
  }

  /// The real images, as they are.
  public static let real = StudyArm()
  public static let synthetic = StudyArm(.synthetic)
  public static let oversampling = StudyArm(nil, .oversampling)
  public static let classWeights = StudyArm(nil, .classWeights)
  public static let augmentation = StudyArm(nil, .augmentation)
  public static let placebo = StudyArm(.placebo)
  public static let oracle = StudyArm(.oracle)

  /// What a study compares unless it names its arms.
  public static let standard: [StudyArm] = [.real, .synthetic, .oversampling, .classWeights, .augmentation]

  /// Every arm that there is, of each addition as many images as the settings say.
  public static let all: [StudyArm] = ([nil] + Addition.allCases.map(Optional.some)).flatMap { addition in
    ([nil] + Treatment.allCases.map(Optional.some)).map { StudyArm(addition, $0) }
  }

  /// As written in tables.
  public var title: String {
    let name =
      switch addition {
      case nil: "Real only"
      case .synthetic: "Real + synthetic"
      case .copyPaste: "Real + copy-paste"
      case .placebo: "Real + placebo"
      case .oracle: "Real + held-back real"
      }
    let factor = source?.factor ?? 1
    let added = factor == 1 ? name : "\(name) × \(Source.text(factor))"
    let treated =
      switch treatment {
      case nil: ""
      case .oversampling: "Oversampling"
      case .classWeights: "Class weights"
      case .effectiveNumber: "Effective-number weights"
      case .augmentation: "Augmentation"
      }
    if treated.isEmpty { return added }
    return addition == nil ? treated : "\(added), \(treated.lowercased())"
  }

  /// With oversampling this share of a segmenter's windows shows a defect for sure.
  public static let oversampledShare = 0.5

  /// Whether nothing has to be trained for it but the network, so that synthetic images have to beat it.
  public var isCheapRival: Bool { addition == .copyPaste || (addition == nil && treatment != nil) }
}

extension StudyArm.Treatment {
  /// β of the effective number.
  private static let beta = 0.999

  /// What the loss of an image of each class weighs, 1 on average over the images; nil where all weigh the same.
  ///
  /// - Parameter counts: training images of each class, none of them 0.
  func classWeights(_ counts: [Int]) -> [Double]? {
    let images = Double(counts.reduce(0, +))
    switch self {
    case .oversampling, .augmentation: return nil
    case .classWeights: return counts.map { images / (Double(counts.count) * Double($0)) }
    case .effectiveNumber:
      let raw = counts.map { (1 - Self.beta) / (1 - pow(Self.beta, Double($0))) }
      let sum = zip(raw, counts).reduce(0) { $0 + $1.0 * Double($1.1) }
      return raw.map { $0 * images / sum }
    }
  }
}

/// `real`, `synthetic`, `oversampling`, `synthetic+oversampling`, `synthetic@2`: as study files and records name them.
extension StudyArm: RawRepresentable, Codable {
  public var rawValue: String {
    let parts = [source?.name, treatment?.rawValue].compactMap { $0 }
    return parts.isEmpty ? "real" : parts.joined(separator: "+")
  }

  public init?(rawValue: String) {
    if let arm = Self.all.first(where: { $0.rawValue == rawValue }) {
      self = arm
      return
    }
    let parts = rawValue.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let source = Source(name: parts[0]), source.factor != 1 else { return nil }
    let treatment = parts.count > 1 ? Treatment(rawValue: parts[1]) : nil
    guard parts.count == 1 || treatment != nil else { return nil }
    self.init(source.addition, treatment, factor: source.factor)
  }
}
