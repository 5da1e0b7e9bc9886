import Files
import Layers
import Models
import Torch

extension ResNet18 {
  /// Takes over all weights but those of the last layer, under torchvision's names.
  ///
  /// A network of grey images takes the sum of a colour network's first filters over the colours: it answers to grey as that one
  /// does. Images are shown in −1 ... 1, and not by ImageNet's means and deviations; the first batch norm adapts.
  /// - Throws: `InputError` when a tensor is missing or of another shape: the width and the stem must be the file's.
  public func loadBackbone(_ file: Safetensors) throws {
    var state = try file.tensors()
    let first = "conv1.weight"
    if let filters = state[first], filters.shape.count == 4, filters.shape[1] == 3,
      try stateDictionary()[first]?.shape[1] == 1
    {
      state[first] = try filters.sum([1], keep: true)
    }
    state = state.filter { !$0.key.hasPrefix("fc.") }
    // Counts batches and plays no part: not every file has it.
    let report = LoadReport(
      own: try stateDictionary().map { ($0.key, $0.value.shape) }, given: state.mapValues(\.shape))
    let missing = report.missing.filter { !$0.hasPrefix("fc.") && !$0.hasSuffix("num_batches_tracked") }
    guard missing.isEmpty, report.mismatched.isEmpty else {
      throw InputError(
        at: file.url.path, expected: "the weights of a ResNet-18 of this width and stem", found: report.description,
        remedy: "torchvision's have a width of 64 and the stem imagenet")
    }
    try load(state, strict: false, from: file.url.path)
  }
}
