import Runs

/// Shows how far an import is, once it takes a while. Used by the importing thread alone.
final class ImportProgress: @unchecked Sendable {
  private var bar: ProgressBar?

  func update(done: Int, total: Int) {
    if bar == nil, done < total { bar = ProgressBar(label: "importing", total: total, done: 0) }
    bar?.update(done: done)
  }

  func finish() { bar?.finish() }
}
