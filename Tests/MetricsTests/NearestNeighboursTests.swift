import Testing
import Torch

@testable import Metrics

struct NearestNeighboursTests {
  @Test func findsTheNearestOfAnotherSet() throws {
    let found = try NearestNeighbours(
      of: Tensor([0, 0, 3, 4] as [Double], shape: [2, 2]),
      among: Tensor([0, 1, 3, 3, 9, 9] as [Double], shape: [3, 2]))
    #expect(found.indices == [0, 1] && found.distances == [1, 1])
  }

  @Test func theMeanIsTakenOverSoManyNeighbours() throws {
    let images = try Tensor([0, 10] as [Double], shape: [2, 1])
    let others = try Tensor([12, 1, 3, 30] as [Double], shape: [4, 1])
    let found = try NearestNeighbours(of: images, among: others, meanOver: 3)
    #expect(found.indices == [1, 0] && found.distances == [1, 2])
    #expect(zip(found.meanDistances, [16.0 / 3, 6]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(try NearestNeighbours(of: images, among: others).meanDistances == [1, 2])
  }

  @Test func anImageIsNotItsOwnNeighbourButItsCopyIs() throws {
    let found = try NearestNeighbours(within: Tensor([0, 5, 0, 7] as [Double], shape: [4, 1]))
    #expect(found.indices == [2, 3, 0, 1] && found.distances == [0, 2, 0, 2])
  }

  @Test func viewsOfOneThingAreNoNeighbours() throws {
    let images = try Tensor([0, 1, 5, 9] as [Double], shape: [4, 1])
    let found = try NearestNeighbours(of: images, in: [0, 0, 1, 1], among: images, in: [0, 0, 1, 1])
    #expect(found.indices == [2, 2, 1, 1] && found.distances == [5, 4, 4, 8])
    let alone = try NearestNeighbours(of: images, in: [0, 0, 0, 0], among: images, in: [0, 0, 0, 0])
    #expect(alone.distances.allSatisfy { $0 == .infinity })
  }
}
