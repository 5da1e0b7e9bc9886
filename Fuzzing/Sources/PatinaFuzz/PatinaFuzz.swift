import Foundation

/// What libFuzzer calls with every input: the reader that the environment variable `PATINA_FUZZ` names reads it.
///
/// An input passes when the reader takes it or refuses it with an `InputError`; every other error is a finding, and so is
/// whatever libFuzzer and the address sanitizer notice: a crash, a hang, memory beyond the bound that scripts/fuzz sets.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  chosen.expectTakenOrRefused(bytes.map { Data(bytes: $0, count: count) } ?? Data())
  return 0
}

private let chosen: FuzzedReader = {
  let name = ProcessInfo.processInfo.environment["PATINA_FUZZ"] ?? ""
  guard let reader = FuzzedReader.all.first(where: { $0.name == name }) else {
    fatalError("PATINA_FUZZ is '\(name)', but readers are: \(FuzzedReader.all.map(\.name).joined(separator: " "))")
  }
  return reader
}()
