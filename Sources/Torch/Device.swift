import CTorch
import Files

/// Where a tensor lives.
public enum Device: Hashable, Sendable, CustomStringConvertible {
  case cpu
  case cuda(Int)

  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    }
  }

  /// `cpu`, `cuda` or `cuda:N`.
  ///
  /// - Throws: `InputError` when the name is none of these, or CUDA is named and cannot be had (with the reason).
  public init(_ name: String) throws {
    let parts = name.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    switch (parts.first, parts.count) {
    case ("cpu", 1): self = .cpu
    case ("cuda", 1), ("cuda", 2):
      guard let index = parts.count == 1 ? 0 : Int(parts[1]), index >= 0 else {
        throw Self.unknown(name)
      }
      let count: Int
      do {
        count = try Self.cudaCount()
      } catch {
        throw InputError(at: "device", expected: "a device of this machine", found: "\(name): \(error)")
      }
      guard index < count else {
        throw InputError(at: "device", expected: "one of \(count) CUDA devices, counted from 0", found: name)
      }
      self = .cuda(index)
    default: throw Self.unknown(name)
    }
  }

  /// The number of usable CUDA devices, at least 1. The first call loads libtorch's CUDA library.
  ///
  /// - Throws: `TorchError` that says why there is none.
  public static func cudaCount() throws(TorchError) -> Int {
    var error: OpaquePointer?
    let count = ct_cuda_device_count(&error)
    guard count > 0 else { throw TorchError(consuming: error) }
    return Int(count)
  }

  private static func unknown(_ name: String) -> InputError {
    InputError(at: "device", expected: "cpu, cuda or cuda:N", found: "'\(name)'")
  }

  var kind: Int32 { if case .cpu = self { 0 } else { 1 } }
  var index: Int32 { if case .cuda(let index) = self { Int32(index) } else { 0 } }
}
