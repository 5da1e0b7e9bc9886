import Files
import Foundation
import TestFolders
import Testing

@testable import Torch

struct SafetensorsTests {
  private let place: TemporaryFolder
  private var file: URL { place["x.safetensors"] }

  init() throws { place = try TemporaryFolder() }

  /// A file with this header text and so many bytes of data.
  private func write(_ header: String, data: Int, stating length: UInt64? = nil) throws {
    var bytes = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
    bytes.append(Data(header.utf8))
    bytes.append(Data(count: data))
    try bytes.write(to: file)
  }

  @Test func everyTypeSurvivesTheRoundTripAndEqualTensorsGiveEqualBytes() throws {
    var tensors: [String: Tensor] = [:]
    for type in DataType.allCases { tensors["x.\(type)"] = try Tensor([0, 1, 1] as [Float]).converted(to: type) }
    tensors["scalar"] = try Tensor([2.5] as [Float], shape: [])
    tensors["empty"] = try Tensor.zeros([0, 4])
    tensors["view"] = try Tensor.arange(to: 6).reshaped([2, 3]).transposed()
    try Safetensors.write(tensors, metadata: ["step": "3", "name": "Ä/\""], to: file)
    let bytes = try Data(contentsOf: file)
    try Safetensors.write(tensors, metadata: ["step": "3", "name": "Ä/\""], to: file)
    #expect(try Data(contentsOf: file) == bytes)

    let read = try Safetensors(contentsOf: file)
    #expect(read.metadata == ["step": "3", "name": "Ä/\""])
    #expect(read.names == tensors.keys.sorted())
    for (name, tensor) in tensors {
      let again = try read.tensor(name)
      #expect(again.shape == tensor.shape)
      #expect(again.type == tensor.type)
      #expect(try again.bytes() == tensor.bytes())
    }
    #expect(throws: InputError.self) { try read.tensor("missing") }
  }

  static let damaged: [(name: String, header: String, data: Int, stated: UInt64?)] = [
    ("a header length beyond the file", "{}", 0, 1000),
    ("an absurd header length", "{}", 0, UInt64.max),
    ("a header shorter than stated", "{\"a\":{}}", 0, 4),
    ("no JSON", "hello, world", 0, nil),
    ("an array for a header", "[1, 2]", 0, nil),
    ("missing fields", #"{"a":{"dtype":"F32","shape":[1]}}"#, 4, nil),
    ("an unknown type", #"{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}"#, 1, nil),
    ("offsets beyond the data", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, nil),
    ("offsets the wrong way round", #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}"#, 4, nil),
    ("negative offsets", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4, nil),
    ("three offsets", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 8, nil),
    ("fractional offsets", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0.5,4.5]}}"#, 8, nil),
    ("a size that is not the shape's", #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, nil),
    ("a negative side", #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, nil),
    ("a shape that overflows", #"{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,4]}}"#, 4, nil),
    (
      "overlapping tensors",
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
      12, nil
    ),
    (
      "a gap",
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
      12, nil
    ),
    ("data left over", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, nil),
    ("metadata that is not text", #"{"__metadata__":{"a":1}}"#, 0, nil),
    ("nesting ten thousand deep", String(repeating: "[", count: 10_000), 0, nil),
  ]

  @Test(arguments: damaged)
  func aDamagedFileIsRefusedAndNamed(name: String, header: String, data: Int, stated: UInt64?) throws {
    try write(header, data: data, stating: stated)
    let error = #expect(throws: InputError.self, "\(name)") { try Safetensors(contentsOf: file) }
    #expect(error?.place == file.path)
  }

  @Test func everyTruncationIsRefused() throws {
    try Safetensors.write(["a": Tensor.ones([3]), "b": Tensor.zeros([2, 2])], to: file)
    let whole = try Data(contentsOf: file)
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: file)
      #expect(throws: InputError.self, "\(length) of \(whole.count) bytes") { try Safetensors(contentsOf: file) }
    }
  }

  @Test func aFileThatIsNotThereIsNamed() {
    let error = #expect(throws: InputError.self) { try Safetensors(contentsOf: URL(fileURLWithPath: "/nowhere/x")) }
    #expect(error?.place == "/nowhere/x")
  }
}
