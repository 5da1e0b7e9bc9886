import Foundation

/// A file could not be written: a full disk, a folder that may not be written to, a limit on sizes.
///
/// Unlike `InputError` it says nothing about what the user gave, and whatever was under way has failed.
public struct WriteError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The file or folder that was to be written.
  public let place: String
  /// The system's reason.
  public let reason: String

  public init(at place: String, reason: String) {
    self.place = place
    self.reason = reason
  }

  public var description: String { "\(place) could not be written: \(reason)" }

  /// Runs `body` and turns the system's errors into this one; errors of input pass.
  public static func explaining<Value>(_ place: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as InputError {
      throw error
    } catch let error as WriteError {
      throw error
    } catch {
      // Foundation says what went wrong only in the error below its own.
      let error = error as NSError
      let system = (error.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError } ?? error
      let isSystem = system.domain == NSPOSIXErrorDomain
      throw WriteError(
        at: place, reason: isSystem ? String(cString: strerror(Int32(system.code))) : error.localizedDescription)
    }
  }
}
