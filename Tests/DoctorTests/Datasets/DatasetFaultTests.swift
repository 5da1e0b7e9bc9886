import Datasets
import Doctor
import Foundation
import Images
import Randomness
import Runs
import TestFolders
import Testing

/// What is wrong with a data set is seeded on purpose, and has to be caught by name.
struct DatasetFaultTests {
  enum Fault: String, CaseIterable {
    case fileChanged, fileBroken
    case sameImageTwice, sameImageOnTwoSides, groupOnTwoSides
    case oneImageTwoLabels
    case maskOfAll
    case brighterDefects
    case testOfAnotherCamera

    var check: String {
      switch self {
      case .fileChanged, .fileBroken: "files"
      case .sameImageTwice: "copies"
      case .sameImageOnTwoSides, .groupOnTwoSides: "copies-across-splits"
      case .oneImageTwoLabels: "labels"
      case .maskOfAll: "masks"
      case .brighterDefects: "shortcut"
      case .testOfAnotherCamera: "adversarial-validation"
      }
    }
  }

  private let place: TemporaryFolder
  private static let data: Set<Check> = [
    .files, .copies, .copiesAcrossSplits, .labels, .masks, .outliers, .shortcut, .adversarialValidation,
  ]

  init() throws { place = try TemporaryFolder() }

  @Test(arguments: Fault.allCases)
  func aFaultIsCaughtByName(fault: Fault) throws {
    let record = try visit(fault, seed: 0)
    #expect((record.names(.fail) + record.names(.warn)).contains(fault.check), "\(told(record))")
  }

  @Test(arguments: 0..<20)
  func healthySetsPass(seed: Int) throws {
    let record = try visit(nil, seed: seed)
    #expect(record.count(of: .pass) == Self.data.count, "\(told(record))")
  }

  private func told(_ record: DoctorRecord) -> String {
    record.checks.map { "\($0.name) \($0.verdict.rawValue): \($0.finding)" }.joined(separator: "\n")
  }

  private func visit(_ fault: Fault?, seed: Int) throws -> DoctorRecord {
    try write(fault, seed: seed)
    return try DoctorVisit(place["set"], seed: 0, threads: 1).examination.record(.init(only: Self.data))
  }

  /// Textures of their own; a defect is a dark blot, with a light one beside it so that no mean tells it.
  private func write(_ fault: Fault?, seed: Int) throws {
    let writer = try DatasetWriter(to: place["set"], description: "made", cleanName: "clean", categories: ["pit"])
    var kept: Image?
    for index in 0..<120 {
      var random = SeededGenerator(seed: UInt64(seed), purpose: "image", index)
      let isDefect = index % 3 == 0
      let split: Split = index % 5 < 3 ? .train : index % 5 == 3 ? .validation : .test
      var (image, mask) = try picture(isDefect: isDefect, &random)
      if fault == .brighterDefects, isDefect { image = lighter(image, 25) }
      if fault == .testOfAnotherCamera, split == .test { image = lighter(image, 25) }
      if fault == .sameImageTwice, index == 2 { kept = image }
      // 7 is clean as 2 is and stands in training too, 3 and 4 do not.
      if fault == .sameImageTwice, index == 7, let kept { image = kept }
      if fault == .sameImageOnTwoSides || fault == .oneImageTwoLabels, index == 0 { kept = image }
      if fault == .sameImageOnTwoSides, index == 3, let kept { image = kept }
      if fault == .oneImageTwoLabels, index == 1, let kept { image = kept }
      if fault == .maskOfAll, isDefect {
        mask = Mask(width: 32, height: 32, bits: [UInt8](repeating: 1, count: 32 * 32))
      }
      let group = fault == .groupOnTwoSides && index < 5 ? "one" : "g\(index)"
      try writer.add(
        image, as: String(format: "%03d.png", index), labels: isDefect ? [.init("pit", mask: mask)] : [], split: split,
        provenance: Provenance(source: "\(index)", group: group))
    }
    try writer.finish()
    let file = place["set"].appendingPathComponent("images/001.png")
    if fault == .fileBroken { try Data("no image".utf8).write(to: file) }
    if fault == .fileChanged {
      var random = SeededGenerator(seed: 77)
      try picture(isDefect: false, &random).0.encoded(as: .png).write(to: file)
    }
  }

  private func picture(isDefect: Bool, _ random: inout SeededGenerator) throws -> (Image, Mask) {
    let base = random.uniform(100, 140)
    let tilt = (random.uniform(-1, 1), random.uniform(-1, 1))
    var bytes = (0..<1024).map { pixel in
      UInt8(base + tilt.0 * Double(pixel % 32) + tilt.1 * Double(pixel / 32) / 2 + 8 * random.normal().clamped)
    }
    var bits = [UInt8](repeating: 0, count: 1024)
    let (x, y) = (2 + random.int(below: 20), 2 + random.int(below: 24))
    for row in y..<y + 4 {
      for column in x..<x + 4 {
        if isDefect { bytes[row * 32 + column] = UInt8(max(0, Int(bytes[row * 32 + column]) - 8)) }
        if isDefect { bytes[row * 32 + column + 4] = UInt8(min(255, Int(bytes[row * 32 + column + 4]) + 8)) }
        bits[row * 32 + column] = 1
      }
    }
    return (Image(width: 32, height: 32, bytes: bytes), Mask(width: 32, height: 32, bits: bits))
  }

  private func lighter(_ image: Image, _ levels: Int) -> Image {
    Image(width: 32, height: 32, bytes: image.bytes.map { UInt8(min(255, Int($0) + levels)) })
  }
}

extension Double {
  fileprivate var clamped: Double { Swift.min(Swift.max(self, -3), 3) }
}
