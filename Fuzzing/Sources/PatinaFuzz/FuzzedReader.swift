import Foundation

/// A reader and the way in which an input reaches it.
struct FuzzedReader: Sendable {
  let name: String
  let read: @Sendable (Data) throws -> Void

  init(_ name: String, read: @escaping @Sendable (Data) throws -> Void) {
    self.name = name
    self.read = read
  }

  func expectTakenOrRefused(_ input: Data) {
    do {
      try read(input)
    } catch {
      // `InputError` is declared below what this package can import; its name is what it is known by.
      guard String(describing: type(of: error)) == "InputError" else {
        fatalError("\(name): \(type(of: error)) in place of an InputError: \(error)")
      }
    }
  }

  static let all: [FuzzedReader] = imports + datasets + [image, safetensors]
}
