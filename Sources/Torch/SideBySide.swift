import CTorch

/// Runs both bodies, and gives what they give; where operations on the CPU have two threads, at once, with one thread each.
///
/// Two passes through different networks need nothing of each other. Side by side neither waits at the barriers that end an
/// operation shared by two threads, and each keeps what it works on in its own core's cache. With any other number of threads
/// the bodies run in turn, each on all of them. What they compute is the same to the last digit only with the same number of
/// threads.
///
/// The modes of gradients and mixed precision are those of the caller. The bodies must not change the same tensors, nor add
/// to the same gradients.
/// - Throws: what the first body threw, or else the second.
public func sideBySide<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, _ second: () throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  var results: (first: Result<First, Failure>?, second: Result<Second, Failure>?)
  withoutActuallyEscaping(first) { first in
    withoutActuallyEscaping(second) { second in
      withUnsafeMutablePointer(to: &results) { results in
        var work = Work { which in
          if which == 0 {
            results.pointee.first = Result(catching: first)
          } else {
            results.pointee.second = Result(catching: second)
          }
        }
        withUnsafeMutablePointer(to: &work) {
          ct_side_by_side({ $0.assumingMemoryBound(to: Work.self).pointee.run($1) }, $0)
        }
      }
    }
  }
  guard let first = results.first, let second = results.second else { preconditionFailure("both bodies are run") }
  return (try first.get(), try second.get())
}

private struct Work {
  let run: (Int32) -> Void
}
