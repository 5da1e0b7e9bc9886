import Images

/// A way to choose the windows that are cut out of a data set.
///
/// Its numbers are written beside the windows, so that the same choice is not made again.
public protocol WindowChooser: Codable, Sendable {
  /// Checks the numbers.
  ///
  /// - Throws: `InputError` for numbers that make no windows.
  func validate() throws

  /// Chooses the windows of every image. The result depends on the data set and the chooser's numbers, not on threads.
  ///
  /// - Throws: `InputError` for an image that cannot be read.
  func plan(for dataset: Dataset, with work: CropWork) throws -> WindowPlan
}

/// Where windows are cut, and what was passed over for what reason.
public struct WindowPlan: Sendable {
  /// For each image of the data set, in its order.
  public var boxes: [[PixelBox]]
  public var report = CropReport()

  public init(imageCount: Int) { boxes = Array(repeating: [], count: imageCount) }
}

/// How a choice of windows works: on so many threads, and whom it tells how far it is.
public struct CropWork {
  /// What is being done, how many images are done, and of how many.
  public typealias Progress = (_ what: String, _ done: Int, _ total: Int) -> Void

  public let threads: Int
  public let progress: Progress

  public init(threads: Int = 2, progress: @escaping Progress = { _, _, _ in }) {
    self.threads = threads
    self.progress = progress
  }

  /// Calls `body` for each number on all threads, and `take` with the results in order; `atOnce` of them are held at a time.
  func inOrder<Value: Sendable>(
    _ what: String, count: Int, atOnce: Int = 64, _ body: @Sendable (Int) throws -> Value,
    take: (Int, Value) throws -> Void
  ) throws {
    try parallelInOrder(count: count, atOnce: atOnce, threads: threads) { place in
      Result { try body(place) }
    } take: { place, value in
      try take(place, value.get())
    } progress: { done in
      progress(what, done, count)
    }
  }
}
