import Files
import Testing

@testable import Torch

struct RuntimeTests {
  @Test func theLoadedLibraryIsTheOneBuiltAgainst() throws {
    #expect(try Runtime.runningVersion() == Runtime.builtVersion)
    #expect(Runtime.versionMismatch() == nil)
  }

  @Test func devicesAreNamedOrRefusedWithAReason() throws {
    #expect(try Device("cpu") == .cpu)
    for name in ["gpu", "cpu:1", "cuda:x", "cuda:-1", ""] {
      let error = #expect(throws: InputError.self) { try Device(name) }
      #expect(error?.description.isEmpty == false)
    }
    do {
      #expect(try Device.cudaCount() > 0)
    } catch {
      #expect(error.description.contains("CUDA"))
    }
  }

  @Test func aThreadCountBelowOneIsRefused() {
    #expect(throws: TorchError.self) { try Runtime.setThreadCount(0) }
  }

  @Test func theSameSeedGivesTheSameNumbersAndTheStateContinues() throws {
    let first = try Generator(seed: 3)
    let second = try Generator(seed: 3)
    #expect(try Tensor.normal([9], generator: first).floats() == Tensor.normal([9], generator: second).floats())
    let state = try first.state()
    let expected = try Tensor.uniform([5], generator: first).floats()
    let resumed = try Generator(seed: 99)
    try resumed.restore(state)
    #expect(try Tensor.uniform([5], generator: resumed).floats() == expected)
    #expect(throws: TorchError.self) { try resumed.restore(Tensor([1, 2, 3] as [UInt8])) }
  }

  @Test func drawsStayInTheirRange() throws {
    let generator = try Generator(seed: 4)
    let integers = try Tensor.randomIntegers([1000], in: 3..<6, generator: generator)
    #expect(try integers.min().item() == 3)
    #expect(try integers.max().item() == 5)
    let permutation = try Tensor.randomPermutation(50, generator: generator).elements(as: Int.self)
    #expect(permutation.sorted() == Array(0..<50))
    let drawn = try Tensor([0, 1, 0] as [Float]).multinomial(20, generator: generator).elements(as: Int.self)
    #expect(Set(drawn) == [1])
  }
}
