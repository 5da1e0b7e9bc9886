import Foundation
import Synchronization

/// Ctrl-C and `kill` as a request: the loop ends its step, saves and stops. A second one ends the process at once.
///
///     Signals.install()
///     while !Signals.isStopRequested { … }
public enum Signals {
  /// Set by the handler, which may touch nothing but atomics and a few system calls.
  private static let requested = Atomic<Int32>(0)

  /// Whether the user asked to stop.
  public static var isStopRequested: Bool { requested.load(ordering: .acquiring) != 0 }

  /// The signal that came, SIGINT or SIGTERM; nil before one did.
  public static var received: Int32? {
    let signal = requested.load(ordering: .acquiring)
    return signal == 0 ? nil : signal
  }

  /// Handles SIGINT and SIGTERM from now on. A signal that the process was started to ignore stays ignored.
  public static func install() {
    // Touched before a signal can come, so that the handler never initialises anything.
    requested.store(0, ordering: .releasing)
    for signal in [SIGINT, SIGTERM] {
      var current = sigaction()
      sigaction(signal, nil, &current)
      if isIgnored(current) { continue }
      var action = sigaction()
      sigemptyset(&action.sa_mask)
      // Reads and writes that a signal interrupts go on.
      action.sa_flags = Int32(SA_RESTART)
      setHandler(&action)
      sigaction(signal, &action, nil)
      // A parent that blocks signals in the thread that starts us hands the block down: the request would never arrive.
      var own = sigset_t()
      sigemptyset(&own)
      sigaddset(&own, signal)
      pthread_sigmask(SIG_UNBLOCK, &own, nil)
    }
  }

  /// Gives both signals their usual effect back and forgets a request.
  public static func uninstall() {
    for signal in [SIGINT, SIGTERM] {
      var current = sigaction()
      sigaction(signal, nil, &current)
      if !isIgnored(current) { Foundation.signal(signal, SIG_DFL) }
    }
    requested.store(0, ordering: .releasing)
  }

  private static func handle(_ signal: Int32) {
    let (isFirst, _) = requested.compareExchange(expected: 0, desired: signal, ordering: .acquiringAndReleasing)
    if !isFirst {
      // Comes when the handler returns, and ends the process the way the caller's shell expects.
      Foundation.signal(signal, SIG_DFL)
      raise(signal)
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: UInt.self) == unsafeBitCast(SIG_IGN, to: UInt.self)
  }

  private static func setHandler(_ action: inout sigaction) {
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = { Signals.handle($0) }
    #else
      action.__sigaction_handler.sa_handler = { Signals.handle($0) }
    #endif
  }
}
