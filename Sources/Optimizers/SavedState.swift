import Files
import Layers
import Torch

/// An optimizer's saved state, checked against its parameters and taken apart.
struct SavedState {
  /// The entries of one parameter by kind.
  struct Entries {
    let tensors: [String: Tensor]

    /// The kinds were checked when the state was taken apart.
    subscript(kind: String) -> Tensor {
      guard let tensor = tensors[kind] else { preconditionFailure("no entry of kind \(kind)") }
      return tensor
    }
  }

  private let entries: [Entries?]

  /// - Parameters:
  ///   - kinds: entries that have the parameter's shape.
  ///   - counts: entries with one whole number, at least 1.
  /// - Throws: `InputError` unless each parameter has all its entries or none, of the right shapes, and nothing is left.
  init(_ state: [String: Tensor], of parameters: NamedParameters, kinds: [String], counts: [String] = []) throws {
    var expected: [(name: String, shape: [Int])] = []
    var entries: [Entries?] = []
    for (name, parameter) in parameters.items {
      let wanted = kinds.map { ($0, parameter.tensor.shape) } + counts.map { ($0, []) }
      guard wanted.contains(where: { state["\(name).\($0.0)"] != nil }) else {
        entries.append(nil)
        continue
      }
      expected += wanted.map { ("\(name).\($0.0)", $0.1) }
      var tensors: [String: Tensor] = [:]
      for kind in kinds {
        // A copy of its own: the optimizer changes it in place. Wrong shapes are reported below.
        guard let saved = state["\(name).\(kind)"], saved.shape == parameter.tensor.shape else { continue }
        tensors[kind] = try saved.moved(to: parameter.tensor.device, type: parameter.tensor.type).cloned()
          .laidOut(like: parameter.tensor)
      }
      for kind in counts { tensors[kind] = state["\(name).\(kind)"] }
      entries.append(Entries(tensors: tensors))
    }
    let report = LoadReport(own: expected, given: state.mapValues(\.shape))
    guard report.isComplete else {
      throw InputError(
        at: "optimizer state", expected: "\((kinds + counts).joined(separator: ", ")) for each of its parameters",
        found: report.description, remedy: "Check that the checkpoint belongs to the same model and optimizer")
    }
    self.entries = entries
    for kind in counts { try checkCounts(kind, parameters) }
  }

  private func checkCounts(_ kind: String, _ parameters: NamedParameters) throws {
    for (item, entry) in zip(parameters.items, entries) {
      guard let value = try entry?[kind].item() else { continue }
      // Doubles hold whole numbers exactly up to here, and Int(value) cannot trap.
      guard value >= 1, value == value.rounded(), value < 1e15 else {
        throw InputError(
          at: "optimizer state: \(item.name).\(kind)", expected: "a whole number from 1 on", found: "\(value)")
      }
    }
  }

  /// One value per parameter, in their order; nil where there were no entries.
  func byParameter<Value>(_ make: (Entries) throws -> Value) rethrows -> [Value?] {
    try entries.map { entry in try entry.map(make) }
  }
}
