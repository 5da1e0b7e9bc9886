import ArgumentParser
import Datasets
import Files
import Foundation
import Logging
import Reports
import Runs
import Torch
import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compare synthetic images with real ones: FID, KID, precision, recall, copies.",
    discussion: """
      Both are data sets or plain folders of images. Of a data set all defective
      images count, or those of --class and --split.

      Features are those of Inception (2015), from a safetensors file: at 768
      dimensions, or at 2048 where the file holds the whole network
      (scripts/convert-inception makes one). Each image is resized to 299 pixels
      from its own size, bilinear and without antialiasing; --size brings both sides
      to the same small size first, as a translator of that size sees them.

      Without such a file, --features takes the folder of a run of train classifier.
      The figures then say how like the sets are to that classifier, and can be
      compared with none by other features. It knows the images that it was trained
      on: compare with others (--split).

        FID        squared Fréchet distance of the features; compare sets of one size
        KID        kernel distance, unbiased, with an interval that holds 95 %
        precision  share of synthetic images that lie among real ones
        recall     share of real images that lie among synthetic ones
        density, coverage  the same by real balls alone, less bent by outliers
        copies     share of synthetic images nearer to a real one than 99 % of real
                   images are to each other

      --html writes one page that opens offline: the figures, a fair sample of both
      sides, the pairs that lie nearest to each other, and the best and worst synthetic
      images, beside the clean images that they were made from where REAL holds them.

      Examples:
        patina evaluate windows synthetic --features inception.safetensors \\
          --class Crack --split train --size 64 --html evaluation.html
        patina evaluate real-pictures fake-pictures --features inception.safetensors --json
      """)

  @Argument(help: "The data set or folder of real images.") var real: String
  @Argument(help: "The data set or folder of synthetic images.") var synthetic: String
  @Option(
    help: ArgumentHelp("Weights of Inception, safetensors, or the folder of a trained classifier.", valueName: "file"))
  var features: String
  @Option(name: .customLong("class"), help: "The class to compare, in both where they are data sets.")
  var className: String?
  @Option(help: "The split of the real data set to compare with: train, validation or test. Default: all.")
  var split: Split?
  @Option(help: "Side in pixels that the middle of all images is brought to first.") var size: Int?
  @Option(help: "Seed of KID's interval.") var seed: UInt64 = 0
  @Option(help: "Threads.") var threads = Runtime.threadCount
  @Option(help: ArgumentHelp("Write a page with the figures and pictures to this file.", valueName: "file"))
  var html: String?
  @Flag(help: "Print everything as JSON.") var json = false

  func validate() throws {
    if let size, !(8...4096).contains(size) { throw ValidationError("--size is 8 to 4096 pixels, not \(size)") }
  }

  func run() throws {
    try Runtime.setThreadCount(threads)
    let network = try FeatureNetwork(contentsOf: URL(fileURLWithPath: self.features))
    let real = try ComparedImages(at: URL(fileURLWithPath: self.real), className: className, split: split)
    let folder = URL(fileURLWithPath: self.synthetic)
    let synthetic = try ComparedImages(at: folder, className: Dataset.stands(at: folder) ? className : nil)
    if size == nil { try warnOfSizes(real, synthetic) }
    let transform = size.map { ImageTransform(size: $0, loadSize: $0, channels: 3) }
    func features(_ images: ComparedImages, _ label: String) throws -> Tensor {
      let bar = ProgressBar(label: label, total: images.files.count)
      defer { bar.finish() }
      return try network.features(of: images.files, transform: transform) { bar.update(done: $0) }
    }
    let comparison = try SetComparison(
      real: features(real, "real images"), synthetic: features(synthetic, "synthetic images"), seed: seed)
    let record = record(comparison, real: real, synthetic: synthetic, network: network)
    if let html {
      let pictures = ComparisonPictures(real: real, synthetic: synthetic, transform: transform, threads: threads)
        .pictures(of: record)
      try EvaluationReport(record: record, pictures: pictures).write(to: URL(fileURLWithPath: html))
    }
    print(
      json ? String(decoding: try JSONFile.encode(record), as: UTF8.self) : text(record), terminator: json ? "" : "\n")
  }

  private func record(
    _ comparison: SetComparison, real: ComparedImages, synthetic: ComparedImages, network: FeatureNetwork
  ) -> EvaluationRecord {
    let nearest = comparison.nearest, kernel = comparison.kernel, manifold = comparison.manifold
    let closest = nearest.distances.indices.sorted { (nearest.distances[$0], $0) < (nearest.distances[$1], $1) }
    let isDataset = Dataset.stands(at: URL(fileURLWithPath: self.synthetic))
    return EvaluationRecord(
      real: .init(path: self.real, className: className, split: split?.rawValue, names: real.names),
      synthetic: .init(
        path: self.synthetic, className: isDataset ? className : nil, split: nil, names: synthetic.names),
      features: network.name, featuresHash: network.hash, size: size, fid: comparison.frechet,
      kid: .init(value: kernel.value, low: kernel.low, high: kernel.high, method: kernel.method),
      manifold: .init(
        precision: manifold.precision, recall: manifold.recall, density: manifold.density, coverage: manifold.coverage,
        neighbour: manifold.neighbour),
      copies: nearest.copies, medianDistanceToReal: nearest.synthetic, medianDistanceWithinReal: nearest.real,
      nearest: closest.map {
        .init(
          synthetic: synthetic.names[$0], real: real.names[nearest.indices[$0]], distance: nearest.distances[$0],
          meanDistance: nearest.meanDistances[$0], source: synthetic.sources[$0]?.name)
      },
      facts: [Fact("seed of KID's interval", "\(seed)")]
        + Versions.all.sorted { $0.key < $1.key }.map { Fact($0.key, $0.value) })
  }

  private func warnOfSizes(_ real: ComparedImages, _ synthetic: ComparedImages) throws {
    let (one, other) = (try real.mostFrequentSize(), try synthetic.mostFrequentSize())
    guard (one.width, one.height) != (other.width, other.height) else { return }
    let sizes = "\(one.width) × \(one.height) and \(other.width) × \(other.height)"
    Logger.console.warning(
      "most real and synthetic images differ in size, \(sizes) pixels: sharpness alone tells them apart. --size helps")
  }

  private func text(_ answer: EvaluationRecord) -> String {
    func number(_ value: Double, _ digits: Int = 3) -> String { String(format: "%.\(digits)f", value) }
    let kid = answer.kid, manifold = answer.manifold
    var lines = [
      "\(answer.synthetic.images) synthetic images against \(answer.real.images) real ones, \(answer.features)",
      "FID        \(number(answer.fid, 2))",
      "KID × 1000 \(number(1000 * kid.value)) (95 % \(number(1000 * kid.low)) to \(number(1000 * kid.high)); \(kid.method))",
      "precision  \(number(manifold.precision)), recall \(number(manifold.recall))",
      "density    \(number(manifold.density)), coverage \(number(manifold.coverage))",
      "copies     \(number(answer.copies)); nearest real image at \(number(answer.medianDistanceToReal)) in the median, "
        + "of real images among themselves at \(number(answer.medianDistanceWithinReal))",
      "Nearest:",
    ]
    lines += answer.nearest.prefix(5).map { "  \($0.synthetic) ~ \($0.real) (\(number($0.distance)))" }
    if let html { lines.append("page: \(html)") }
    return lines.joined(separator: "\n")
  }
}

extension Split: ExpressibleByArgument {}
