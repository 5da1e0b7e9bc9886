import Files
import Images

/// Finds images that show the same picture, across all quarter turns and mirrors, and puts them into clusters.
///
/// Three steps. Images with the same grey values in any orientation are copies. Of the others, a hash of signs finds candidates
/// (`DuplicateCandidates`), and a comparison of details decides (`Likeness`). The result depends on nothing but the images
/// and their order. Images without details (black, or one even shade) are compared by their grey values alone.
///
/// Measured on public data, exact copies left aside (correlations of details, thumbnails and full size):
/// - Different surfaces that look alike: up to 0.49 for thumbnails on NEU-DET (240 images), 0.91 on X-SDD (1360), 0.90 on
///   SD-saliency (900). Above that every pair of the three sets that was looked at shows the same spot.
/// - Two shots of one magnetic tile (MTD): up to 0.9994, and 0.981 at full size.
/// - Copies in horse2zebra: 0.93 to 0.9996, and 0.66 to 0.994 at full size, where 0.985 and more are those saved again with
///   little loss or turned grey.
/// - A copy that JPEG compressed to quality 75: 0.95 to 0.999, and 0.4 to 0.95 at full size.
///
/// So a second shot of a part that did not move cannot be told from a coarsely compressed copy, and `Likeness` says which
/// of the two is wanted.
public struct NearDuplicates: Sendable {
  /// How much alike two images must be.
  public enum Likeness: String, CaseIterable, Codable, Sendable {
    /// The same picture, maybe turned, mirrored, of another brightness, or saved again with little loss: details at full size
    /// correlate by at least 0.985. Two exposures of one part are not copies.
    case copy
    /// The same view: copies that were shrunk or compressed coarsely too, and repeated shots of a part that did not move.
    /// Details of thumbnails correlate by at least 0.94.
    case view

    /// Least correlation of thumbnails.
    var ofThumbnails: Float { self == .copy ? 0.98 : 0.94 }
    /// Least correlation at full size, where that counts.
    var ofDetails: Double? { self == .copy ? 0.985 : nil }
  }

  /// An image of a cluster.
  public struct Member: Equatable, Sendable {
    /// Place of its signature.
    public let index: Int
    /// How it must be turned to lie as the cluster's first image; `identity` for the first.
    public let orientation: Orientation
    /// Whether it then has the very same grey values.
    public let isExact: Bool
  }

  /// Two images or more, in order; each is like the first or like another that is.
  public struct Cluster: Equatable, Sendable {
    public let members: [Member]
  }

  public let likeness: Likeness
  public var threads = 2

  public init(_ likeness: Likeness = .copy, threads: Int = 2) {
    self.likeness = likeness
    self.threads = threads
  }

  /// Clusters of like images, in the order of their first members.
  ///
  /// - Parameters:
  ///   - signatures: one for each image.
  ///   - pixels: decodes an image again, by the place of its signature. Asked for candidates only, on several threads.
  /// - Throws: what `pixels` throws.
  public func clusters(
    of signatures: [ImageSignature], pixels: @Sendable (Int) throws -> Image
  ) throws -> [Cluster] {
    var links = DuplicateLinks(count: signatures.count)
    var firsts: [ContentDigest: Int] = [:]
    var distinct: [Int] = []
    for (index, signature) in signatures.enumerated() {
      guard let first = firsts[signature.key] else {
        firsts[signature.key] = index
        distinct.append(index)
        continue
      }
      let orientation = signature.canonical.followed(by: signatures[first].canonical.inverse)
      links.join(index, to: first, by: orientation)
    }
    let candidates = DuplicateCandidates(distinct.map { signatures[$0] }, threads: threads)
      .pairs(above: likeness.ofThumbnails, threads: threads)
      .map { (first: distinct[$0.first], second: distinct[$0.second], orientation: $0.orientation) }
    for (pair, isLike) in zip(candidates, try verified(candidates, pixels)) where isLike {
      links.join(pair.second, to: pair.first, by: pair.orientation)
    }
    return links.clusters.map { members in
      let first = signatures[members[0].index].key
      return Cluster(
        members: members.map { index, orientation in
          Member(index: index, orientation: orientation, isExact: signatures[index].key == first)
        })
    }
  }

  /// Clusters among the images of a data set, by their places in `dataset.images`; each image is decoded once, candidates again.
  ///
  /// - Parameter progress: called with the number of images looked at.
  /// - Throws: `InputError` for an image that cannot be read.
  public func clusters(of dataset: Dataset, progress: (Int) -> Void = { _ in }) throws -> [Cluster] {
    let images = dataset.images
    var signatures: [ImageSignature] = []
    try parallelInOrder(count: images.count, threads: threads) { place in
      Result { try ImageSignature(of: try dataset.pixels(of: images[place])) }
    } take: { _, signature in
      signatures.append(try signature.get())
    } progress: { done in
      progress(done)
    }
    return try clusters(of: signatures) { try dataset.pixels(of: images[$0]) }
  }

  private func verified(
    _ pairs: [(first: Int, second: Int, orientation: Orientation)], _ pixels: @Sendable (Int) throws -> Image
  ) throws -> [Bool] {
    guard let least = likeness.ofDetails else { return pairs.map { _ in true } }
    return try parallelMap(count: pairs.count, threads: threads) { place in
      Result {
        let pair = pairs[place]
        let correlation = try Detail.correlation(
          of: try pixels(pair.first), with: try pixels(pair.second), turnedBy: pair.orientation)
        return correlation >= least
      }
    }.map { try $0.get() }
  }
}
