import Torch

/// Everything that a module holds, found by walking over its properties.
struct ModuleContents {
  private(set) var parameters: [(name: String, parameter: Parameter)] = []
  private(set) var buffers: [(name: String, buffer: Buffer)] = []
  private(set) var modules: [(name: String, module: any Module)] = []

  /// What was met already; modules may refer to one another in circles.
  private var seen: Set<ObjectIdentifier> = []

  init(of module: any Module) throws(TorchError) {
    seen.insert(ObjectIdentifier(module))
    try walk(Mirror(reflecting: module), path: "", owner: module)
  }

  /// Visits the children of `mirror`, the superclass's first.
  private mutating func walk(_ mirror: Mirror, path: String, owner: any Module) throws(TorchError) {
    if let parent = mirror.superclassMirror { try walk(parent, path: path, owner: owner) }
    for (index, child) in mirror.children.enumerated() {
      let component = child.label.map(Self.stateName) ?? String(index)
      try visit(child.value, path: path.isEmpty ? component : "\(path).\(component)", owner: owner)
    }
  }

  private mutating func visit(_ value: Any, path: String, owner: any Module) throws(TorchError) {
    // A cast looks through optionals: nil is none of these and falls through to a mirror without children.
    if let parameter = value as? Parameter {
      if seen.insert(ObjectIdentifier(parameter)).inserted { parameters.append((path, parameter)) }
    } else if let buffer = value as? Buffer {
      if seen.insert(ObjectIdentifier(buffer)).inserted { buffers.append((path, buffer)) }
    } else if let module = value as? any Module {
      guard seen.insert(ObjectIdentifier(module)).inserted else { return }
      modules.append((path, module))
      try walk(Mirror(reflecting: module), path: path, owner: module)
    } else if value is Tensor {
      throw TorchError(
        .other, "a stray tensor in \(type(of: owner)) at '\(path)': make it a Parameter or a Buffer, or pass it along")
    } else {
      try visitChildren(of: value, path: path, owner: owner)
    }
  }

  /// Looks into values: optionals, arrays, dictionaries, tuples, structures. Other classes keep their own counsel.
  private mutating func visitChildren(of value: Any, path: String, owner: any Module) throws(TorchError) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .class, .none: return
    case .optional:
      for child in mirror.children { try visit(child.value, path: path, owner: owner) }
    case .dictionary:
      // A dictionary's order changes from run to run; its keys' does not.
      let pairs = mirror.children.compactMap { child -> (key: String, value: Any)? in
        let pair = Mirror(reflecting: child.value).children.map(\.value)
        return pair.count == 2 ? ("\(pair[0])", pair[1]) : nil
      }
      for (key, value) in pairs.sorted(by: { $0.key < $1.key }) {
        try visit(value, path: "\(path).\(key)", owner: owner)
      }
    default: try walk(mirror, path: path, owner: owner)
    }
  }

  /// A property's name as PyTorch would spell it: `convBlock` → `conv_block`, `conv1` → `conv1`.
  static func stateName(_ label: String) -> String {
    var label = label[...]
    if label.hasPrefix("$__lazy_storage_$_") { label = label.dropFirst("$__lazy_storage_$_".count) }
    // Elements of a tuple are labelled .0, .1, …
    if label.hasPrefix(".") { label = label.dropFirst() }
    let letters = Array(label)
    var result = ""
    for (index, letter) in letters.enumerated() {
      if letter.isUppercase, index > 0, letters[index - 1] != "_" {
        let endsWord = !letters[index - 1].isUppercase
        let startsWord = index + 1 < letters.count && letters[index + 1].isLowercase
        if endsWord || startsWord { result += "_" }
      }
      result += letter.lowercased()
    }
    return result
  }
}
