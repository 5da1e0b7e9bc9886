import Files
import Foundation

/// One training of a study: one arm with one seed, and what its network says of every validation and test image.
///
/// Kept as `cells/<id>.json` in the study's folder. All figures are worked out from the predictions later, so a study can be
/// analysed again without training again.
public struct CellRecord: Codable, Equatable, Sendable {
  /// The form that this version of Patina writes and reads.
  public static let currentVersion = 1

  public var version: Int
  /// The cell's content-addressed name: 64 hexadecimal digits.
  public var id: String
  public var arm: String
  public var seed: Int
  /// Seed of the split; nil for the data set's own.
  public var split: Int?
  /// Share of the real training defects; nil for all.
  public var fraction: Double?
  /// Class names, the clean one first; predictions refer to them by position.
  public var classes: [String]
  /// Optimizer steps taken.
  public var steps: Int
  public var validation: [Prediction]
  public var test: [Prediction]
  public var loss: [LossPoint]
  /// How long the training took, on the wall clock.
  public var seconds: Double
  /// What the network was trained on.
  public var trainingImages: [TrainingCount]
  /// Threads that the arithmetic ran on: results are only the same bytes for the same number.
  public var threads: Int
  /// Version of libtorch, for example `2.13.0`.
  public var libtorch: String
  /// What the checks of the training data found, in the order to be shown.
  public var audit: [Fact]

  public init(
    version: Int = CellRecord.currentVersion, id: String, arm: String, seed: Int, split: Int? = nil,
    fraction: Double? = nil, classes: [String], steps: Int,
    validation: [Prediction], test: [Prediction], loss: [LossPoint], seconds: Double,
    trainingImages: [TrainingCount], threads: Int, libtorch: String, audit: [Fact] = []
  ) {
    self.version = version
    self.id = id
    self.arm = arm
    self.seed = seed
    self.split = split
    self.fraction = fraction
    self.classes = classes
    self.steps = steps
    self.validation = validation
    self.test = test
    self.loss = loss
    self.seconds = seconds
    self.trainingImages = trainingImages
    self.threads = threads
    self.libtorch = libtorch
    self.audit = audit
  }

  /// Reads a record and checks it.
  ///
  /// - Throws: `InputError` when the file is no such record, is of another version, or contradicts itself.
  public static func read(from url: URL) throws -> CellRecord {
    try RecordVersion.check(url, is: currentVersion, what: "study cell")
    let record = try JSONFile.read(CellRecord.self, from: url)
    try record.check(at: url.path)
    return record
  }

  /// Checks that every prediction is one of these classes, that a classifier's scores are a distribution over them, and that a
  /// segmenter's pixels fit each other.
  ///
  /// - Parameter place: how errors name the record.
  /// - Throws: `InputError` for the first contradiction.
  public func check(at place: String) throws {
    guard classes.count >= 2, Set(classes).count == classes.count else {
      throw InputError(
        at: "\(place): classes", expected: "a clean class and at least one defect class, all different",
        found: classes.isEmpty ? "none" : classes.joined(separator: ", "))
    }
    for (name, predictions) in [("validation", validation), ("test", test)] {
      var images = Set<String>()
      for (index, prediction) in predictions.enumerated() {
        try prediction.check(classes: classes.count, at: "\(place): \(name)[\(index)]")
        guard images.insert(prediction.image).inserted else {
          throw InputError(
            at: "\(place): \(name)[\(index)].image", expected: "each image once", found: "\(prediction.image) again")
        }
      }
      guard !predictions.isEmpty else {
        throw InputError(at: "\(place): \(name)", expected: "predictions", found: "none")
      }
      guard predictions.allSatisfy({ ($0.pixels == nil) == (predictions[0].pixels == nil) }) else {
        throw InputError(
          at: "\(place): \(name)", expected: "pixels of all images or of none", found: "pixels of some")
      }
    }
    guard loss.allSatisfy({ $0.loss.isFinite }), seconds.isFinite, seconds >= 0 else {
      throw InputError(at: place, expected: "finite losses and a duration of at least 0 s", found: "others")
    }
  }
}

/// What a network says of one image.
public struct Prediction: Codable, Equatable, Sendable {
  /// The image's file, relative to the data set.
  public var image: String
  /// Images of one group (one tile, one coil) are never split, and are resampled together.
  public var group: String
  /// The true class, as a position among the record's classes; of several the one that covers the largest area.
  public var truth: Int
  /// In the order of the record's classes, each in 0...1. Of a classifier softmax scores, together 1; of a segmenter how likely
  /// the image shows each class, and in the clean one's place any defect at all.
  public var scores: [Double]
  /// Of a segmenter the pixels of each class, and in the clean one's place of any defect at all; nil of a classifier.
  public var pixels: [ClassPixels]?

  public init(image: String, group: String, truth: Int, scores: [Double], pixels: [ClassPixels]? = nil) {
    self.image = image
    self.group = group
    self.truth = truth
    self.scores = scores
    self.pixels = pixels
  }

  /// Whether the image shows a class, or for 0 any defect.
  public func shows(_ label: Int) -> Bool {
    pixels.map { $0[label].truth > 0 } ?? (label == 0 ? truth != 0 : truth == label)
  }

  /// How likely it shows a class, or for 0 any defect.
  public func score(_ label: Int) -> Double { pixels == nil && label == 0 ? 1 - scores[0] : scores[label] }

  func check(classes: Int, at place: String) throws {
    guard (0..<classes).contains(truth) else {
      throw InputError(at: "\(place).truth", expected: "a class in 0...\(classes - 1)", found: "\(truth)")
    }
    guard scores.count == classes else {
      throw InputError(at: "\(place).scores", expected: "\(classes) scores", found: "\(scores.count)")
    }
    // Single-precision softmax sums to 1 within about 1e-6; anything further off is no distribution.
    let sum = scores.reduce(0, +)
    guard scores.allSatisfy({ (-1e-6...1 + 1e-6).contains($0) }), pixels != nil || abs(sum - 1) < 1e-3 else {
      throw InputError(
        at: "\(place).scores", expected: pixels == nil ? "scores in 0...1 that sum to 1" : "scores in 0...1",
        found: "\(scores)")
    }
    guard !group.isEmpty, !image.isEmpty else {
      throw InputError(at: place, expected: "an image and its group", found: "an empty name")
    }
    guard let pixels else { return }
    guard pixels.count == classes, (pixels[0].truth > 0) == (truth != 0) else {
      throw InputError(
        at: "\(place).pixels", expected: "pixels of any defect and of \(classes - 1) classes, as the truth says",
        found: "\(pixels.count), of them \(pixels.first?.truth ?? 0) of a defect")
    }
    for (label, one) in pixels.enumerated() { try one.check(at: "\(place).pixels[\(label)]") }
  }
}

/// The training loss at one optimizer step.
public struct LossPoint: Codable, Equatable, Sendable {
  public var step: Int
  public var loss: Double

  public init(step: Int, loss: Double) {
    self.step = step
    self.loss = loss
  }
}

/// How many training images of one class came from one origin.
public struct TrainingCount: Codable, Equatable, Sendable {
  public enum Origin: String, Codable, Sendable {
    case real
    case synthetic
  }

  public var origin: Origin
  /// The class's name.
  public var label: String
  public var count: Int

  public init(origin: Origin, label: String, count: Int) {
    self.origin = origin
    self.label = label
    self.count = count
  }
}
