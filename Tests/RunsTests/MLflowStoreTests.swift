import Foundation
import TestFolders
import Testing

@testable import Runs

struct MLflowStoreTests {
  /// As MLflow 3 lays out its file store.
  @Test func runsLieAsMLflowReadsThem() throws {
    let place = try TemporaryFolder()
    let folder = place.url.appendingPathComponent("7")
    let store = try MLflowStore(
      experiment: "7", name: "tile's\ncracks", in: folder, place: URL(fileURLWithPath: "/x/7"),
      created: Date(timeIntervalSince1970: 5))
    let id = String(repeating: "ab", count: 16)
    try store.add(
      .init(
        id: id, name: "real, seed 1", start: Date(timeIntervalSince1970: 10), end: Date(timeIntervalSince1970: 12.5),
        parameters: ["arm": "real", "training images/real/Öl": "3"],
        metrics: [
          "loss": [.init(step: 0, value: 1.5), .init(step: 10, value: 0.25)],
          "test/dice/../pit": [.init(step: 10, value: 0.5)],
        ]))
    func text(_ path: String) throws -> String {
      try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }
    #expect(try text("meta.yaml").contains("name: 'tile''s cracks'\n"))
    #expect(try text("meta.yaml").contains("artifact_location: 'file:///x/7'\ncreation_time: 5000\nexperiment_id: '7'"))
    let meta = try text("\(id)/meta.yaml")
    #expect(
      meta.contains("start_time: 10000\n") && meta.contains("end_time: 12500\n") && meta.contains("run_uuid: '\(id)'\n")
    )
    #expect(try text("\(id)/metrics/loss") == "12500 1.5 0\n12500 0.25 10\n")
    #expect(try text("\(id)/metrics/test/dice/__/pit") == "12500 0.5 10\n")
    #expect(try text("\(id)/params/training images/real/_l") == "3")
    #expect(try text("\(id)/tags/mlflow.runName") == "real, seed 1")
  }
}
