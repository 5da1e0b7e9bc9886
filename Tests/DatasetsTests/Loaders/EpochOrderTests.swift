import Randomness
import Testing

@testable import Datasets

struct EpochOrderTests {
  @Test func everyElementComesOnceAnEpochInANewOrder() {
    let order = EpochOrder(seed: 3, purpose: "order", count: 1000)
    let epochs = (0..<4).map { epoch in (0..<1000).map { order.element(place: epoch * 1000 + $0) } }
    for epoch in epochs { #expect(epoch.sorted() == Array(0..<1000)) }
    #expect(Set(epochs).count == 4)
  }

  /// Runs that began before orders were kept go on with the same batches.
  @Test func theOrderIsTheShuffleOfItsSeedPurposeAndEpoch() {
    let order = EpochOrder(seed: 3, purpose: "order", count: 50)
    for epoch in [0, 1, 7, 2] {
      var generator = SeededGenerator(seed: 3, purpose: "order", epoch)
      #expect(order.order(epoch: epoch).map(Int.init) == generator.shuffled(Array(0..<50)))
    }
  }

  /// A step costs no shuffle: an epoch of 100 000 steps is shuffled once, also where threads cross its end.
  @Test func anEpochIsShuffledOnce() {
    let count = 100_000
    let order = EpochOrder(seed: 0, purpose: "order", count: count)
    for place in 0..<count { _ = order.element(place: place) }
    #expect(order.shuffleCount == 1)
    for place in count - 50..<count + 50 { _ = order.element(place: place ^ 1) }
    #expect(order.shuffleCount == 2)
  }
}
