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

  @Test func anImageIsNotItsOwnNeighbourButItsCopyIs() throws {
    let found = try NearestNeighbours(within: Tensor([0, 5, 0, 7] as [Double], shape: [4, 1]))
    #expect(found.indices == [2, 3, 0, 1] && found.distances == [0, 2, 0, 2])
  }
}
