import Datasets
import Foundation
import Images
import Runs
import Torch

/// Small pictures of two sets of images for a page: the images, how pairs differ, and what synthetic ones were made from.
public struct ComparisonPictures: Sendable {
  private let real: [String: URL]
  private let synthetic: [String: URL]
  /// Clean images by name, of the real data set.
  private let clean: [String: URL]
  private let transform: ImageTransform?
  private let threads: Int
  /// The longer side in pixels.
  private static let side = 192

  /// - Parameter transform: what the features were computed of; nil for whole images.
  public init(real: ComparedImages, synthetic: ComparedImages, transform: ImageTransform? = nil, threads: Int = 2) {
    func byName(_ images: ComparedImages) -> [String: URL] {
      Dictionary(zip(images.names, images.files), uniquingKeysWith: { first, _ in first })
    }
    self.real = byName(real)
    self.synthetic = byName(synthetic)
    clean = real.files(of: synthetic.sources)
    self.transform = transform
    self.threads = threads
  }

  /// JPEG files of all that the page of the record shows; what cannot be read or found has none.
  ///
  /// Differences are those of the pictures as they were compared, in their own resolution, times the record's factor.
  public func pictures(of record: EvaluationRecord) -> [EvaluationRecord.Picture: Data] {
    let (pairs, samples) = (record.pairsShown, (record.real.samples, record.synthetic.samples))
    let parts = parallelMap(count: pairs.count + samples.0.count + samples.1.count, threads: threads) { index in
      if index < pairs.count { return Self.files(pictures(of: pairs[index])) }
      let place = index - pairs.count
      if place < samples.0.count {
        let name = samples.0[place]
        return Self.files([.real(name): view(real[name])])
      }
      let name = samples.1[place - samples.0.count]
      return Self.files([.synthetic(name): view(synthetic[name])])
    }
    return parts.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  private func pictures(of pair: EvaluationRecord.Pair) -> [EvaluationRecord.Picture: Image?] {
    let (made, nearest) = (view(synthetic[pair.synthetic]), view(real[pair.real]))
    var found: [EvaluationRecord.Picture: Image?] = [
      .synthetic(pair.synthetic): made, .real(pair.real): nearest,
      .difference(pair.synthetic): Self.difference(made, nearest),
    ]
    if let made, let file = pair.source.flatMap({ clean[$0] }), let whole = try? Image(contentsOf: file),
      let picture = synthetic[pair.synthetic].flatMap({ try? Image(contentsOf: $0) }),
      let source = try? transform == nil ? Self.part(of: whole, like: picture) : transform?.central(file)
    {
      found[.source(pair.synthetic)] = source
      found[.sourceDifference(pair.synthetic)] = Self.difference(made, source)
    }
    return found
  }

  /// An image as it was compared.
  private func view(_ url: URL?) -> Image? {
    guard let url else { return nil }
    return try? (transform?.central(url) ?? Image(contentsOf: url)).eightBit()
  }

  /// What of a source a synthetic image shows: all where they have one size; otherwise the middle, scaled as translators
  /// load images, or cut at native scale, whichever differs less.
  private static func part(of source: Image, like picture: Image) throws -> Image {
    guard (source.width, source.height) != (picture.width, picture.height) else { return source.eightBit() }
    func middle(_ image: Image) -> Image? {
      guard image.width >= picture.width, image.height >= picture.height else { return nil }
      let box = PixelBox(
        x: (image.width - picture.width) / 2, y: (image.height - picture.height) / 2, width: picture.width,
        height: picture.height)
      return image.cropped(to: box)
    }
    let source = source.eightBit()
    let scaled = try source.resized(shortSide: min(picture.width, picture.height))
    let parts = try [scaled, source].compactMap(middle).map {
      ($0, try $0.difference(from: picture, times: 1).brightness)
    }
    return parts.min { $0.1 < $1.1 }?.0 ?? source
  }

  private static func difference(_ one: Image?, _ other: Image?) -> Image? {
    guard let one, let other else { return nil }
    return try? one.difference(from: other, times: EvaluationRecord.differenceFactor)
  }

  private static func files(_ images: [EvaluationRecord.Picture: Image?]) -> [EvaluationRecord.Picture: Data] {
    images.compactMapValues { try? $0?.thumbnail(side: side).encoded(as: .jpeg, quality: 85) }
  }
}
