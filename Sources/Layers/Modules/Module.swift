import Torch

/// A part of a network: a class whose properties are parameters, buffers and further modules.
///
/// They are found by looking at the properties, superclasses first, so a module lists nothing twice. Names are those of
/// PyTorch: `convBlock` becomes `conv_block`, elements of arrays and of `Sequential` are numbered from 0, and an object
/// reached by several ways counts once, under its first name (PyTorch's state dictionaries repeat it). Optional
/// properties count when they are not nil. A `Tensor` as a property would be forgotten by optimizers and checkpoints;
/// every function here throws a `TorchError` that names it.
public protocol Module: AnyObject {}

extension Module {
  /// Parameters in the order of declaration, under their full names, such as `model.1.weight`.
  public func namedParameters() throws(TorchError) -> [(name: String, parameter: Parameter)] {
    try ModuleContents(of: self).parameters
  }

  /// Parameters in the order of declaration.
  public func parameters() throws(TorchError) -> [Parameter] { try namedParameters().map(\.parameter) }

  /// Buffers in the order of declaration, under their full names, such as `norm.running_mean`.
  public func namedBuffers() throws(TorchError) -> [(name: String, buffer: Buffer)] {
    try ModuleContents(of: self).buffers
  }

  /// All modules below this one, at any depth, parents before children; self is not among them.
  public func submodules() throws(TorchError) -> [(name: String, module: any Module)] {
    try ModuleContents(of: self).modules
  }

  /// The number of elements of all parameters.
  public func parameterCount() throws(TorchError) -> Int { try parameters().reduce(0) { $0 + $1.tensor.count } }

  /// Freezes (false) or thaws (true) every parameter. Frozen parameters get no gradient, but let it pass to the input.
  public func setRequiresGradient(_ value: Bool) throws(TorchError) {
    for parameter in try parameters() { try parameter.tensor.setRequiresGradient(value) }
  }

  /// Switches this module and all below it between training and evaluation, where they differ.
  public func setTraining(_ training: Bool) throws(TorchError) {
    (self as? any ModeSwitching)?.isTraining = training
    for (_, module) in try submodules() { (module as? any ModeSwitching)?.isTraining = training }
  }

  /// Moves parameters and buffers to another device, or makes the floating-point ones another type. Gradients are dropped,
  /// so move before making an optimizer.
  ///
  /// Modules made with a CPU generator and then moved start from the same numbers on every device.
  /// - Parameter channelsLast: whether weights of four dimensions (convolutions) get their second dimension innermost, as
  ///   CUDA's convolutions prefer it; shapes, names and saved states stay the same. By default on CUDA only.
  public func move(to device: Device, type: DataType? = nil, channelsLast: Bool? = nil) throws(TorchError) {
    let contents = try ModuleContents(of: self)
    let channelsLast = channelsLast ?? (device != .cpu)
    for (_, parameter) in contents.parameters {
      try parameter.move(to: device, type: type, channelsLast: channelsLast)
    }
    for (_, buffer) in contents.buffers { try buffer.move(to: device, type: type) }
  }
}

/// A module that behaves otherwise in training than in evaluation.
public protocol ModeSwitching: AnyObject {
  /// True at first.
  var isTraining: Bool { get set }
}

/// A module that makes one tensor of one tensor.
public protocol Layer: Module {
  func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor
}
