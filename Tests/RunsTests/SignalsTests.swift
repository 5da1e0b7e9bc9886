import Foundation
import Runs
import Testing

/// Sends `signal` to the whole process, as a terminal does, and gives it time to arrive: the threads that run tests block
/// signals, so another one takes it.
private func send(_ signal: Int32) {
  kill(getpid(), signal)
  usleep(300_000)
}

/// Each in a process of its own: signals belong to the whole process.
struct SignalsTests {
  @Test func nothingIsAskedForAtFirst() async {
    await #expect(processExitsWith: .success) {
      Signals.install()
      exit(Signals.isStopRequested || Signals.received != nil ? 1 : 0)
    }
  }

  @Test func theFirstInterruptOnlySetsTheFlag() async {
    await #expect(processExitsWith: .exitCode(42)) {
      Signals.install()
      send(SIGINT)
      exit(Signals.isStopRequested && Signals.received == SIGINT ? 42 : 1)
    }
  }

  @Test func terminationSetsTheFlagToo() async {
    await #expect(processExitsWith: .exitCode(42)) {
      Signals.install()
      send(SIGTERM)
      exit(Signals.received == SIGTERM ? 42 : 1)
    }
  }

  @Test func theSecondInterruptEndsTheProcess() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      Signals.install()
      send(SIGINT)
      send(SIGINT)
      exit(0)
    }
  }

  @Test func theSecondMayBeOfTheOtherKind() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      Signals.install()
      send(SIGINT)
      send(SIGTERM)
      exit(0)
    }
  }

  @Test func anIgnoredSignalStaysIgnored() async {
    await #expect(processExitsWith: .exitCode(42)) {
      signal(SIGINT, SIG_IGN)
      Signals.install()
      send(SIGINT)
      send(SIGINT)
      exit(Signals.isStopRequested ? 1 : 42)
    }
  }

  @Test func uninstallingGivesTheUsualEffectBack() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      Signals.install()
      send(SIGTERM)
      Signals.uninstall()
      if Signals.isStopRequested { exit(1) }
      send(SIGTERM)
      exit(0)
    }
  }
}
