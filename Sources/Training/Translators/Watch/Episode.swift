/// Something that holds for a while, noticed when it has lasted long enough.
struct Episode: Equatable, Sendable {
  /// The first step of the present stretch.
  private(set) var since: Int?
  private(set) var isTold = false

  /// - Parameters:
  ///   - begins: whether it holds strictly enough to begin now.
  ///   - persists: whether it holds well enough to go on, if it has begun: a wider range, so that it does not flicker.
  ///   - patience: how many steps it has to last.
  /// - Returns: what is to be told, with the step that it began with.
  mutating func follow(
    begins: Bool, persists: Bool, step: Int, patience: Int
  ) -> (event: TrainingWarning.Event, since: Int)? {
    guard since == nil ? begins : persists else {
      defer { self = Episode() }
      return isTold ? since.map { (.ends, $0) } : nil
    }
    let first = since ?? step
    since = first
    guard !isTold, step - first + 1 >= patience else { return nil }
    isTold = true
    return (.begins, first)
  }

  init() {}

  /// One that was told.
  init(toldSince step: Int) {
    since = step
    isTold = true
  }
}
