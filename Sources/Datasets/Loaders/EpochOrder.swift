import Randomness
import Synchronization

/// The order of every epoch, by seed and epoch alone: shuffled once and kept while its steps are asked for.
///
/// The last two epochs asked for are kept, 4 bytes per element: threads that prepare the end of one and the beginning of the
/// next do not take turns at shuffling.
final class EpochOrder: Sendable {
  private let seed: UInt64
  private let purpose: String
  private let count: Int
  private let recent = Mutex<[(epoch: Int, order: [UInt32])]>([])
  private let shuffles = Atomic<Int>(0)

  /// How often an order had to be shuffled.
  var shuffleCount: Int { shuffles.load(ordering: .relaxed) }

  init(seed: UInt64, purpose: String, count: Int) {
    precondition(count <= Int(UInt32.max), "an order of \(count) elements")
    self.seed = seed
    self.purpose = purpose
    self.count = count
  }

  /// What stands at each place of an epoch: each of 0 ..< count once.
  func order(epoch: Int) -> [UInt32] {
    recent.withLock { recent in
      if let known = recent.first(where: { $0.epoch == epoch }) { return known.order }
      var generator = SeededGenerator(seed: seed, purpose: purpose, epoch)
      let order = generator.shuffled((0..<count).map { UInt32($0) })
      shuffles.add(1, ordering: .relaxed)
      recent = recent.suffix(1) + [(epoch, order)]
      return order
    }
  }

  /// What stands at a place of the epochs in a row.
  func element(place: Int) -> Int { Int(order(epoch: place / count)[place % count]) }
}
