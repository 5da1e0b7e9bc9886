import Layers
import Torch

/// The parameters that an optimizer changes, under the names that its state is saved by.
public struct NamedParameters {
  public let items: [(name: String, parameter: Parameter)]

  /// Names must differ, and so must the parameters.
  public init(_ items: [(name: String, parameter: Parameter)]) {
    precondition(Set(items.map(\.name)).count == items.count, "two parameters have one name")
    precondition(
      Set(items.map { ObjectIdentifier($0.parameter) }).count == items.count, "one parameter would be changed twice")
    self.items = items
  }

  /// All parameters of a module under their own names.
  ///
  /// - Throws: `TorchError` when a stray tensor is found.
  public init(_ module: some Module) throws(TorchError) { self.init(try module.namedParameters()) }

  /// All parameters of several modules, each with the module's name in front: `cleanToDefect.model.1.weight`. A parameter
  /// that two of them share counts once.
  ///
  /// - Throws: `TorchError` when a stray tensor is found.
  public init(_ modules: KeyValuePairs<String, any Module>) throws(TorchError) {
    var items: [(name: String, parameter: Parameter)] = []
    var seen: Set<ObjectIdentifier> = []
    for (prefix, module) in modules {
      for (name, parameter) in try module.namedParameters() where seen.insert(ObjectIdentifier(parameter)).inserted {
        items.append(("\(prefix).\(name)", parameter))
      }
    }
    self.init(items)
  }
}
