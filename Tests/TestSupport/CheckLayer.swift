import Layers
import Testing
import Torch

/// The contract of every layer: output shape, names in its state, number of parameters, a state that survives saving and
/// loading, and gradients that agree with finite differences in float64.
///
/// The layer must give the same output for the same input (no dropout in training), and have no kink at `input`. It is
/// converted to float64 on the way.
/// - Parameter stateKeys: names of parameters and buffers, in any order.
public func checkLayer(
  _ layer: any Layer, input: Tensor, outputShape: [Int], stateKeys: [String] = [], parameterCount: Int = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let output = try layer(input)
  #expect(output.shape == outputShape, sourceLocation: sourceLocation)
  #expect(try layer.stateDictionary().keys.sorted() == stateKeys.sorted(), sourceLocation: sourceLocation)
  #expect(try layer.parameterCount() == parameterCount, sourceLocation: sourceLocation)
  try checkRoundTrip(layer, input: input, sourceLocation)
  try layer.move(to: .cpu, type: .float64)
  let double = input.type.isFloatingPoint ? try input.detached().converted(to: .float64) : input
  try checkGradients(layer, input: double, sourceLocation)
}

/// Spoils every parameter and buffer, loads what they were, and expects the same bytes.
private func checkRoundTrip(_ layer: any Layer, input: Tensor, _ place: SourceLocation) throws {
  let saved = try layer.stateDictionary().mapValues { try $0.cloned() }
  let before = try layer(input).floats()
  // The forward pass itself may have moved buffers.
  try layer.load(saved)
  try withoutGradients {
    for tensor in try layer.stateDictionary().values { try tensor.fill(3) }
  }
  let report = try layer.load(saved)
  #expect(report.loaded == saved.keys.sorted(), sourceLocation: place)
  for (name, tensor) in try layer.stateDictionary() {
    let same = try tensor.bytes() == saved[name]?.bytes()
    #expect(same, "\(name) is not what was loaded", sourceLocation: place)
  }
  #expect(try layer(input).floats() == before, "another output after loading", sourceLocation: place)
  try layer.load(saved)
}

/// Compares slopes along random directions: of Σ output · w, with respect to the input and to every parameter.
private func checkGradients(_ layer: any Layer, input: Tensor, _ place: SourceLocation) throws {
  let generator = try Generator(seed: 20_260_731)
  let leaf = try input.detached().cloned()
  if leaf.type.isFloatingPoint { try leaf.setRequiresGradient(true) }
  let cotangent = try Tensor.normal(layer(leaf).shape, type: .float64, generator: generator)
  func value() throws -> Tensor { try (layer(leaf) * cotangent).sum() }

  var leaves = try layer.namedParameters().map { ($0.name, $0.parameter.tensor) }
  if leaf.type.isFloatingPoint { leaves.append(("input", leaf)) }
  guard !leaves.isEmpty else { return }
  // What rounding of the sum can do to a difference; it shows where a gradient is 0 because terms cancel.
  let step = 1e-5
  let rounding = try 1e-15 * (layer(leaf) * cotangent).abs().sum().item() / step
  let gradients = try value().gradients(of: leaves.map(\.1))
  for ((name, tensor), gradient) in zip(leaves, gradients) {
    guard let gradient else {
      Issue.record("no gradient for \(name)", sourceLocation: place)
      continue
    }
    for _ in 0..<3 {
      let direction = try Tensor.normal(tensor.shape, type: .float64, generator: generator)
      let slope = try (gradient * direction).sum().item()
      let differences = try withoutGradients { () throws in
        try tensor.add(direction, scale: step)
        let above = try value().item()
        try tensor.add(direction, scale: -2 * step)
        let below = try value().item()
        try tensor.add(direction, scale: step)
        return (above - below) / (2 * step)
      }
      let scale = max(slope.magnitude, try gradient.norm().item())
      #expect(
        (slope - differences).magnitude <= 1e-6 * scale + rounding,
        "\(name): gradient gives the slope \(slope), differences \(differences)", sourceLocation: place)
    }
  }
}
