import Models
import Randomness
import Testing
import Torch

struct CUTDrawTests {
  private func model() throws -> CUT {
    try CUT(
      channels: 1, filters: 2, blocks: 5, discriminatorFilters: 2, headWidth: 4, generator: Generator(seed: 0))
  }

  private func draw(_ loss: CUTLoss, seed: UInt64) throws -> CUTDraw {
    var random = SeededGenerator(seed: seed)
    return try CUTDraw(for: loss, model(), height: 32, width: 24, using: &random)
  }

  /// Places of the padded picture, of 32 × 24, 16 × 12, and twice 8 × 6, where there are fewer than 256.
  @Test func placesAreDifferentAndInside() throws {
    let bounds = [38 * 30, 32 * 24, 16 * 12, 8 * 6, 8 * 6]
    let draw = try draw(.cut, seed: 1)
    for patches in [draw.patches, draw.identityPatches] {
      #expect(patches.map(\.count) == [256, 256, 192, 48, 48])
      for (places, bound) in zip(patches, bounds) {
        let values = try places.elements(as: Int.self)
        #expect(Set(values).count == values.count)
        #expect(values.allSatisfy((0..<bound).contains))
        #expect(values != values.sorted())
      }
    }
    #expect(try draw.patches[0].elements(as: Int.self) != draw.identityPatches[0].elements(as: Int.self))
  }

  @Test func theSameSeedDrawsTheSame() throws {
    func all(_ seed: UInt64) throws -> [[Int]] {
      let draw = try draw(.cut, seed: seed)
      return try (draw.patches + draw.identityPatches).map { try $0.elements(as: Int.self) }
    }
    #expect(try all(7) == all(7))
    #expect(try all(7) != all(8))
  }

  @Test func halfOfFastCUTsBatchesAreMirroredAndNoneOfCUTs() throws {
    let model = try model()
    var random = SeededGenerator(seed: 2)
    func mirrored(_ loss: CUTLoss) throws -> Int {
      try (0..<200).filter { _ in
        let draw = try CUTDraw(for: loss, model, height: 8, width: 8, using: &random)
        #expect(draw.identityPatches.isEmpty == !loss.identity)
        return draw.mirrored
      }.count
    }
    #expect(try mirrored(.cut) == 0)
    #expect(try (70...130).contains(mirrored(.fastCUT)))
  }
}
