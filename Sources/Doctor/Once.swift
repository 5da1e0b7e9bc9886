/// A value that several checks need: made once, or the reason why it cannot be.
final class Once<Value> {
  private let make: () throws -> Value
  private var made: Result<Value, any Error>?
  var isMade: Bool { made != nil }

  init(_ make: @escaping () throws -> Value) { self.make = make }

  func value() throws -> Value {
    let result = made ?? Result(catching: make)
    made = result
    return try result.get()
  }
}

extension Examination.Step {
  /// Steps that need something dear, which is made when the first of them is examined, or asked what it costs.
  ///
  /// - Parameters:
  ///   - checks: what the steps will be of.
  ///   - what: what a reason why they cannot be made speaks of.
  static func deferred(
    _ checks: [Check], _ what: String, _ prepare: @escaping () throws -> [Examination.Step]
  ) -> [Examination.Step] {
    let prepared = Once(prepare)
    func step(_ check: Check) throws -> Examination.Step? { try prepared.value().first { $0.check == check } }
    return checks.map { check in
      Examination.Step(check, cost: (try? step(check)?.cost()) ?? 0) {
        let found: Examination.Step?
        do {
          found = try step(check)
        } catch let error as CannotCheck {
          return .notRun(error.reason)
        } catch {
          return .notRun("\(what): \(error)")
        }
        return try found?.examine() ?? .notRun(what)
      }
    }
  }
}
