import Files
import Torch

extension Module {
  /// Parameters and buffers by name, as they are saved. The tensors share the module's memory: clone what must not change.
  public func stateDictionary() throws(TorchError) -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (name, tensor) in try stateTensors() { state[name] = try tensor.detached() }
    return state
  }

  /// Copies a saved state into this module's parameters and buffers, converting types and devices.
  ///
  /// With `strict` the names must agree exactly; else names that fit are loaded and the rest is reported. A tensor of
  /// another shape is never loaded.
  /// - Parameter source: where the state came from, for the error: the path of a file.
  /// - Throws: with `strict`, `InputError` that lists missing, unexpected and mismatched names, before anything is
  ///   changed; `TorchError` when a stray tensor is found.
  @discardableResult
  public func load(
    _ state: [String: Tensor], strict: Bool = true, from source: String = "state dictionary"
  ) throws -> LoadReport {
    let own = try stateTensors()
    let report = LoadReport(own: own.map { ($0.name, $0.tensor.shape) }, given: state.mapValues(\.shape))
    guard !strict || report.isComplete else {
      throw InputError(
        at: source, expected: "the state of \(type(of: self)) with \(own.count) tensors", found: report.description,
        remedy: "Check that the file and the settings belong to the same model")
    }
    let loaded = Set(report.loaded)
    try withoutGradients {
      for (name, tensor) in own where loaded.contains(name) {
        if let given = state[name] { try tensor.copy(from: given) }
      }
    }
    return report
  }

  private func stateTensors() throws(TorchError) -> [(name: String, tensor: Tensor)] {
    let contents = try ModuleContents(of: self)
    return contents.parameters.map { ($0.name, $0.parameter.tensor) }
      + contents.buffers.map { ($0.name, $0.buffer.tensor) }
  }
}
