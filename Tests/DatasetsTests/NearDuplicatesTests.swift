import Files
import Foundation
import Images
import Randomness
import Testing

@testable import Datasets

/// A rough surface: noise at several scales, different for each seed.
func surface(_ seed: Int, width: Int = 96, height: Int = 64) -> Image {
  var random = SeededGenerator(seed: UInt64(seed), purpose: "surface")
  var values = [Double](repeating: 110, count: width * height)
  for scale in [1, 3, 8] {
    let across = width / scale + 2
    let knots = (0..<across * (height / scale + 2)).map { _ in random.normal() * 9 }
    for index in values.indices {
      values[index] += knots[index / width / scale * across + index % width / scale]
    }
  }
  return Image(width: width, height: height, bytes: values.map { UInt8(min(max($0, 0), 255)) })
}

struct NearDuplicatesTests {
  private func clusters(_ images: [Image], _ likeness: NearDuplicates.Likeness = .copy) throws
    -> [NearDuplicates.Cluster]
  {
    try NearDuplicates(likeness).clusters(of: images.map { try ImageSignature(of: $0) }) { images[$0] }
  }

  @Test(arguments: Orientation.all)
  func turnedCopiesAreExact(_ orientation: Orientation) throws {
    let picture = surface(1)
    let images = [surface(2), picture, surface(3), try picture.oriented(orientation), surface(4)]
    let found = try clusters(images)
    let cluster = try #require(found.first)
    #expect(found.count == 1 && cluster.members.map(\.index) == [1, 3])
    #expect(cluster.members.allSatisfy(\.isExact) && cluster.members[0].orientation == .identity)
    #expect(try images[3].oriented(cluster.members[1].orientation) == picture)
  }

  /// A copy that was turned, made brighter and saved again is found, with the way back.
  @Test(arguments: Orientation.all)
  func changedCopiesAreFoundInAllOrientations(_ orientation: Orientation) throws {
    let picture = surface(5, width: 80, height: 80)
    let brighter = Image(width: 80, height: 80, bytes: picture.bytes.map { UInt8(Double($0) * 0.8 + 20) })
    let saved = try Image(
      decoding: try brighter.oriented(orientation).encoded(as: .jpeg, quality: 99), at: "copy")
    let images = (10..<40).map { surface($0, width: 80, height: 80) } + [picture, saved]
    let found = try clusters(images)
    #expect(found.map { $0.members.map(\.index) } == [[30, 31]])
    let last = try #require(found.first?.members.last)
    #expect(last.orientation == orientation.inverse && !last.isExact)
  }

  @Test func shrunkCopiesAreOneView() throws {
    let picture = surface(6, width: 120, height: 90)
    let small = try picture.resized(width: 90, height: 60).resized(width: 60, height: 45).turned(by: .quarter)
    let images = [surface(7, width: 120, height: 90), small, picture]
    #expect(try clusters(images).isEmpty)
    let view = try clusters(images, .view)
    #expect(view.map { $0.members.map(\.index) } == [[1, 2]])
    #expect(view.first?.members.last?.orientation == Orientation(isMirrored: false, quarterTurns: 1))
  }

  @Test func likeTexturesAndEvenShadesAreNoCopies() throws {
    var images = (0..<60).map { surface($0) }
    images += [0, 90, 91, 255].map { Image(width: 96, height: 64, filledWith: $0) }
    #expect(try clusters(images).isEmpty)
    #expect(try clusters(images, .view).isEmpty)
    images.append(Image(width: 64, height: 96, filledWith: 90))
    #expect(try clusters(images).map { $0.members.map(\.index) } == [[61, 64]])
  }

  /// Other proportions are another picture, even where a thumbnail cannot tell.
  @Test func stretchedImagesAreNoCopies() throws {
    let picture = surface(8, width: 100, height: 100)
    #expect(try clusters([picture, picture.resized(width: 130, height: 100)], .view).isEmpty)
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let images = try (0..<40).flatMap { seed in
      let image = surface(seed / 2)
      return [image, try image.oriented(Orientation.all[seed % 8])]
    }
    let signatures = try images.map { try ImageSignature(of: $0) }
    let one = try NearDuplicates(threads: 1).clusters(of: signatures) { images[$0] }
    #expect(one.count == 20 && one.allSatisfy { $0.members.count == 4 })
    #expect(try NearDuplicates(threads: 4).clusters(of: signatures) { images[$0] } == one)
    for cluster in one {
      let first = images[cluster.members[0].index]
      for member in cluster.members {
        #expect(try images[member.index].oriented(member.orientation) == first)
      }
    }
  }

  @Test func orientationsFormAGroup() throws {
    let image = surface(9, width: 5, height: 3)
    for (index, orientation) in Orientation.all.enumerated() {
      #expect(orientation.index == index)
      let turned = try image.oriented(orientation)
      #expect(try turned == image.orientations()[index])
      #expect(orientation.followed(by: orientation.inverse) == .identity)
      for y in 0..<turned.height {
        for x in 0..<turned.width {
          let place = orientation.source(x, y, width: 5, height: 3)
          #expect(turned[x, y] == image[place.x, place.y])
        }
      }
      for next in Orientation.all {
        #expect(try turned.oriented(next) == image.oriented(orientation.followed(by: next)))
      }
      let text = try JSONEncoder().encode(orientation)
      #expect(try JSONDecoder().decode(Orientation.self, from: text) == orientation)
    }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Orientation.self, from: Data("8".utf8)) }
  }

  /// The hash of a turned picture is among the probes for that turn.
  @Test(arguments: Orientation.all)
  func hashesTurnWithThePicture(_ orientation: Orientation) throws {
    let image = surface(11, width: 32, height: 32)
    let one = DetailHash(of: try ImageSignature(of: image).details)
    let turned = DetailHash(of: try ImageSignature(of: try image.oriented(orientation)).details)
    let agreeing = zip(one.probes(turnedBy: orientation), turned.bands).count { $0.contains($1) }
    #expect(agreeing == DetailHash.bandCount)
  }
}
