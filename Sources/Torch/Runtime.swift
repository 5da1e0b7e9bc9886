import CTorch
import Foundation

/// The libtorch that this process runs on.
public enum Runtime {
  /// The version of the headers that this was compiled with.
  public static var builtVersion: String { String(cString: ct_built_version()) }

  /// The version of the library that was loaded.
  public static func runningVersion() throws(TorchError) -> String {
    var error: OpaquePointer?
    guard let version = ct_running_version(&error) else { throw TorchError(consuming: error) }
    return String(cString: version)
  }

  /// One line when the library is another version than the one built against, else nil.
  ///
  /// libtorch's C++ interface changes between releases, so running against another one ends in wrong results or crashes.
  public static func versionMismatch() -> String? {
    let built = builtVersion
    guard let running = try? runningVersion() else { return "the loaded libtorch does not say its version" }
    guard running != built else { return nil }
    return "built against libtorch \(built), but \(running) was loaded: rebuild, or check LD_LIBRARY_PATH"
  }

  /// The instruction set that libtorch chose, such as `AVX512`.
  public static var cpuCapability: String { String(cString: ct_cpu_capability()) }

  /// The number of threads that one operation may use. Sums depend on it in the last digit, so runs record it.
  public static var threadCount: Int { Int(ct_thread_count()) }

  /// How CUDA computes convolutions and matrix products, for the whole process.
  ///
  /// - Parameters:
  ///   - timesAlgorithms: cuDNN times its algorithms at the first step of each shape and keeps the fastest; which one wins
  ///     may differ from run to run, and with it the last digits. Without, cuDNN takes deterministic algorithms.
  ///   - allowsTF32: products of float32 numbers with 10 bits of mantissa (sums in float32) where the GPU has them.
  public static func configureCUDA(timesAlgorithms: Bool, allowsTF32: Bool) throws(TorchError) {
    try check { ct_configure_cuda(timesAlgorithms, allowsTF32, $0) }
  }

  public static func setThreadCount(_ count: Int) throws(TorchError) {
    try check { ct_set_thread_count(Int32(clamping: count), $0) }
  }

  /// Keeps freed memory of tensors on the CPU for the next one instead of giving it back, for the rest of the process, and
  /// asks for huge pages. Call it before other threads use tensors.
  ///
  /// A training step frees and takes the same large blocks again and again; without this each is mapped and zeroed anew.
  public static func keepFreedMemory() { ct_keep_freed_memory() }

  /// Bytes of what `keepFreedMemory` manages: in use by tensors now, and the most that they and the gaps between them have
  /// taken. Both 0 where it was not called or the addresses could not be had.
  public static func tensorMemory() -> (used: Int, held: Int) {
    var (used, held): (Int64, Int64) = (0, 0)
    ct_tensor_memory(&used, &held)
    return (Int(used), Int(held))
  }
}

/// Whose code computes an operation on the CPU. The environment variable `PATINA_KERNELS` changes what `automatic` means.
public enum Kernels: String, CaseIterable, Sendable {
  /// The best that this processor runs; libtorch in builds without optimisation.
  case automatic
  case amx, avx512bf16, avx512, avx2, libtorch

  /// What `automatic` means in this process.
  ///
  /// - Throws: `TorchError` when `PATINA_KERNELS` names none, or one that this processor cannot run.
  public static func chosen() throws(TorchError) -> Kernels {
    var error: OpaquePointer?
    guard let name = ct_chosen_kernels(&error) else { throw TorchError(consuming: error) }
    return Kernels(rawValue: String(cString: name)) ?? .libtorch
  }

  /// Does multiply-adds in registers on all threads, to measure what the processor can do at most.
  ///
  /// - Parameters:
  ///   - rounds: each thread does 12 multiply-adds of vectors in a round, or four products of 16 × 32 × 16 numbers where it
  ///     has a matrix unit for them.
  ///   - type: of the factors, float32 or bfloat16; sums are float32. Processors without bfloat16 instructions are
  ///     measured with float32, which is what the kernels then use.
  /// - Returns: how many operations that was, a multiply-add counting as two.
  /// - Throws: `TorchError` where there are no kernels but libtorch's.
  public static func multiplyAdds(rounds: Int, of type: DataType) throws(TorchError) -> Double {
    var error: OpaquePointer?
    let operations = ct_multiply_adds(Int64(rounds), type == .bfloat16, &error)
    guard operations > 0 else { throw TorchError(consuming: error) }
    return operations
  }
}
