import Foundation
import Testing

@testable import Torch

struct TensorTests {
  @Test(arguments: DataType.allCases)
  func elementsSurviveTheRoundTrip(type: DataType) throws {
    let numbers: [Float] = [0, 1, 1, 0, 1, 0]
    let tensor = try Tensor(numbers, shape: [2, 3]).converted(to: type)
    #expect(tensor.type == type)
    #expect(tensor.shape == [2, 3])
    #expect(try tensor.floats() == numbers)
    let copy = try tensor.bytes().withUnsafeBytes { try Tensor(bytes: $0, shape: [2, 3], type: type) }
    #expect(try copy.floats() == numbers)
  }

  @Test func emptyTensorsAreTensors() throws {
    let empty = try Tensor([Float](), shape: [0, 3])
    #expect(empty.count == 0)
    #expect(try empty.floats().isEmpty)
    #expect(try empty.bytes().isEmpty)
  }

  @Test func shapesThatDoNotFitTheElementsAreRefused() {
    #expect(throws: TorchError.self) { try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }
    #expect(throws: TorchError.self) { try Tensor([Float](), shape: [-1, 0]) }
  }

  @Test func arithmeticBroadcasts() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let row = try Tensor([10, 20] as [Float])
    #expect(try (x + row).floats() == [11, 22, 13, 24])
    #expect(try (x - row).floats() == [-9, -18, -7, -16])
    #expect(try (x * row).floats() == [10, 40, 30, 80])
    #expect(try (row / x).floats() == [10, 10, 10 / 3, 5])
    #expect(try (1 - x).floats() == [0, -1, -2, -3])
    #expect(try (x + Tensor([1] as [Int64])).type == .float32)
    #expect(try (Tensor([1, 2] as [Int64]) - Tensor([3, 1] as [Int64])).elements(as: Int64.self) == [-2, 1])
  }

  @Test func reductionsTakeDimensionsOrAll() throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(try x.sum().item() == 21)
    #expect(try x.sum([0]).floats() == [5, 7, 9])
    #expect(try x.mean([1], keep: true).shape == [2, 1])
    #expect(try x.variance().item() == 3.5)
    #expect(try x.variance(correction: 0).item() == Double(Float(35.0 / 12)))
    #expect(try x.max([1]).floats() == [3, 6])
    #expect(try x.min().item() == 1)
    #expect(try x.argmax(1).elements(as: Int.self) == [2, 2])
    #expect(try x.norm().item() == Double(Float(91).squareRoot()))
    #expect(try x.logSumExp().item() > 6)
    #expect(try x.histogram(bins: 2, low: 0, high: 6).floats() == [2, 4])
  }

  @Test func shapesChangeWithoutLosingElements() throws {
    let x = try Tensor.arange(to: 24).reshaped([2, 3, 4])
    #expect(try x.permuted([2, 0, 1]).shape == [4, 2, 3])
    #expect(try x.transposed(0, 2).selected(0, 1).selected(1, 0).floats() == [1, 5, 9])
    #expect(try x.sliced(2, 1..<4, step: 2).selected(0, 0).selected(0, 0).floats() == [1, 3])
    #expect(try x.flattened(1).shape == [2, 12])
    #expect(try x.flipped([2]).selected(0, 0).selected(0, 0).floats() == [3, 2, 1, 0])
    #expect(try Tensor.concatenated([x, x], 1).shape == [2, 6, 4])
    #expect(try Tensor.stacked([x, x, x]).shape == [3, 2, 3, 4])
    #expect(try x.unsqueezed(0).squeezed(0).shape == x.shape)
    #expect(try x.selected(0, Tensor([1, 1] as [Int])).selected(0, 0).floats() == x.selected(0, 1).floats())
    #expect(try x.rolled(1, 2).selected(0, 0).selected(0, 0).floats() == [3, 0, 1, 2])
    #expect(try x.selected(where: x.greater(21)).floats() == [22, 23])
    #expect(try x.sharesStorage(with: x.permuted([1, 0, 2])))
    #expect(try !x.sharesStorage(with: x.cloned()))
  }

  @Test func paddingModes() throws {
    let x = try Tensor([1, 2, 3] as [Float], shape: [1, 1, 1, 3])
    #expect(try x.padded(left: 2, right: 1, top: 0, bottom: 0, .reflect).floats() == [3, 2, 1, 2, 3, 2])
    #expect(try x.padded(left: 2, right: 1, top: 0, bottom: 0, .replicate).floats() == [1, 1, 1, 2, 3, 3])
    #expect(try x.padded(left: 1, right: 0, top: 0, bottom: 0, .constant(7)).floats() == [7, 1, 2, 3])
  }

  @Test func decompositionsComposeBack() throws {
    let generator = try Generator(seed: 1)
    let root = try Tensor.normal([5, 5], type: .float64, generator: generator)
    let matrix =
      try root.matmul(root.transposed())
      + Tensor(
        (0..<25).map { $0 % 6 == 0 ? 1.0 : 0 }, shape: [5, 5])
    let (values, vectors) = try matrix.symmetricEigen()
    let again = try (vectors * values).matmul(vectors.transposed())
    #expect(try (again - matrix).abs().max().item() < 1e-10)
    let (u, s, vh) = try matrix.svd()
    #expect(try ((u * s).matmul(vh) - matrix).abs().max().item() < 1e-10)
    let lower = try matrix.cholesky()
    #expect(try (lower.matmul(lower.transposed()) - matrix).abs().max().item() < 1e-10)
    #expect(try (matrix.matmul(matrix.solve(root)) - root).abs().max().item() < 1e-9)
    #expect(try (Tensor.einsum("ij,jk->ik", [matrix, root]) - matrix.matmul(root)).abs().max().item() < 1e-12)
  }

  @Test func errorsSayWhatLibtorchSaysWithoutABacktrace() throws {
    let x = try Tensor.zeros([2, 3])
    let error = #expect(throws: TorchError.self) { try x.matmul(x) }
    #expect(error?.kind == .operation)
    #expect(error?.description.contains("2x3") == true)
    #expect(error?.description.contains("frame #") == false)
    #expect(throws: TorchError.self) { try x.selected(0, 5) }
    #expect(throws: TorchError.self) { try x.item() }
    #expect(throws: TorchError.self) { try x.copy(from: Tensor.zeros([1, 3])) }
  }

  @Test func memoryThatCannotBeHadIsAnError() throws {
    let error = #expect(throws: TorchError.self) { try Tensor.zeros([1 << 30, 1 << 20]) }
    #expect(error?.kind == .memory)
  }

  @Test func manyThreadsMayFailAtOnce() async throws {
    // Errors are values, not a thread's or a process's last error.
    await withTaskGroup(of: Bool.self) { group in
      for size in 2..<10 {
        group.addTask {
          do {
            let x = try Tensor.zeros([size, size + 1])
            _ = try x.matmul(x)
            return false
          } catch let error as TorchError {
            return error.description.contains("\(size)x\(size + 1)")
          } catch {
            return false
          }
        }
      }
      for await good in group { #expect(good) }
    }
  }
}
