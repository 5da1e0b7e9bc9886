/// The values of a translator's losses in one step, with their weights.
public protocol StepLosses: Equatable, Sendable {
  /// Of each value, as columns and tags are called.
  static var names: [String] { get }
  /// In the order of `names`.
  var values: [Double] { get }
  /// - Precondition: one value for each of `names`.
  init(values: [Double])
  /// The few figures to be seen while a run goes on.
  var summary: [(name: String, value: Double)] { get }
}
