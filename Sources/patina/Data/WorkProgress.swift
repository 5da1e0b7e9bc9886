import Runs

/// Shows how far an import or export is, once it takes more than one portion. Used by the working thread alone.
final class WorkProgress: @unchecked Sendable {
  private let label: String
  private var bar: ProgressBar?

  init(_ label: String) { self.label = label }

  func update(done: Int, total: Int) {
    if bar == nil, done < total { bar = ProgressBar(label: label, total: total, done: 0) }
    bar?.update(done: done)
  }

  func finish() { bar?.finish() }
}
