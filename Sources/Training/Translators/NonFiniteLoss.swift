/// A loss that is no finite number, which no weight has seen; or a weight that is none, which no checkpoint has.
public struct NonFiniteLoss: Error, CustomStringConvertible, Equatable, Sendable {
  /// What it is, such as "the loss of the generators".
  public let name: String
  public let value: Double
  /// The step, from 1.
  public let step: Int

  public var description: String {
    "\(name) became \(value) in step \(step): lower the learning rate"
  }

  /// Infinite and no number are the same fault.
  public static func == (one: NonFiniteLoss, other: NonFiniteLoss) -> Bool {
    one.name == other.name && one.step == other.step
  }
}
