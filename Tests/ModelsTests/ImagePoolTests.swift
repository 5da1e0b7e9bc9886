import Models
import Randomness
import Testing
import Torch

struct ImagePoolTests {
  /// Images that are told apart by their value.
  private func image(_ value: Int) throws -> Tensor { try Tensor.full([1, 1, 2, 2], Double(value)) }

  @Test func theFirstPassThroughAndAreStored() throws {
    let pool = ImagePool(capacity: 5, generator: SeededGenerator(seed: 1))
    for value in 0..<5 {
      #expect(try pool.exchange(image(value)).max().item() == Double(value))
      #expect(pool.images.count == value + 1)
    }
  }

  @Test func afterwardsHalfComeFromTheStoreWhichTheyLeave() throws {
    let pool = ImagePool(capacity: 10, generator: SeededGenerator(seed: 2))
    for value in 0..<10 { _ = try pool.exchange(image(value)) }
    var swapped = 0
    for value in 10..<1010 {
      let before = Set(try pool.images.map { Int(try $0.max().item()) })
      let given = Int(try pool.exchange(image(value)).max().item())
      let after = Set(try pool.images.map { Int(try $0.max().item()) })
      if given == value {
        #expect(after == before)  // passed through, and not stored
      } else {
        swapped += 1
        #expect(before.contains(given))
        #expect(after == before.subtracting([given]).union([value]))
      }
    }
    // Standard deviation 15.8; five of them.
    #expect(abs(swapped - 500) < 79)
  }

  @Test func imagesOfABatchAreDrawnOneByOneAndDetached() throws {
    let pool = ImagePool(capacity: 2, generator: SeededGenerator(seed: 3))
    let batch = try Tensor.concatenated([image(1), image(2), image(3)])
    try batch.setRequiresGradient(true)
    let result = try pool.exchange(batch * 1)
    #expect(result.shape == [3, 1, 2, 2])
    #expect(!result.requiresGradient)
    #expect(try result.max([1, 2, 3]).floats().prefix(2) == [1, 2])
    // What is stored is a copy: later changes of the batch do not reach it.
    try withoutGradients { try batch.fill(9) }
    #expect(try pool.images.allSatisfy { try $0.max().item() < 4 })
  }

  @Test func withoutCapacityEverythingPasses() throws {
    let pool = ImagePool(capacity: 0, generator: SeededGenerator(seed: 3))
    for value in 0..<20 { #expect(try pool.exchange(image(value)).max().item() == Double(value)) }
    #expect(pool.images.isEmpty)
  }
}
