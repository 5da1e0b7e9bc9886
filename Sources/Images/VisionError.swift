import CVision

/// OpenCV could not do what was asked of it, in its own words.
public struct VisionError: Error, CustomStringConvertible, Equatable, Sendable {
  public let message: String

  public init(_ message: String) { self.message = message }

  public var description: String { "OpenCV: \(message)" }

  /// Runs a call of `CVision` and turns its error out-parameter into a thrown error.
  static func check(_ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Bool) throws {
    var text: UnsafeMutablePointer<CChar>?
    guard !call(&text) else { return }
    defer { cv_text_free(text) }
    throw VisionError(text.map { String(cString: $0) } ?? "not enough memory")
  }
}
