import Files
import Foundation

/// Writes runs as MLflow's file store keeps them (`mlflow ui --backend-store-uri DIR`), without MLflow. MLflow 3 reads it
/// only where `MLFLOW_ALLOW_FILE_STORE=true` is set.
///
/// Of each experiment a folder with `meta.yaml`, in it of each run a folder with `meta.yaml`, `params/`, `metrics/` and `tags/`: a
/// file for each key, in `metrics` with a line "milliseconds value step" for each point.
public struct MLflowStore {
  public struct Metric: Equatable, Sendable {
    public let step: Int
    public let value: Double

    public init(step: Int, value: Double) {
      self.step = step
      self.value = value
    }
  }

  public struct Run: Sendable {
    /// 32 hexadecimal digits; the same run again has the same.
    public var id: String
    public var name: String
    public var start: Date
    public var end: Date
    public var parameters: [String: String]
    /// By name; slashes group them.
    public var metrics: [String: [Metric]]

    public init(
      id: String, name: String, start: Date, end: Date, parameters: [String: String], metrics: [String: [Metric]]
    ) {
      self.id = id
      self.name = name
      self.start = start
      self.end = end
      self.parameters = parameters
      self.metrics = metrics
    }
  }

  private let folder: URL
  private let experiment: String

  /// - Parameters:
  ///   - folder: that of the experiment, to be filled.
  ///   - place: where it will stand in the end, for the places of artifacts.
  ///   - experiment: its id, digits.
  public init(experiment: String, name: String, in folder: URL, place: URL, created: Date) throws {
    self.folder = folder
    self.experiment = experiment
    try Folder.create(at: folder)
    try AtomicFile.write(
      """
      artifact_location: \(Self.quoted(place.absoluteString))
      creation_time: \(Self.milliseconds(created))
      experiment_id: '\(experiment)'
      last_update_time: \(Self.milliseconds(created))
      lifecycle_stage: active
      name: \(Self.quoted(name))

      """, to: folder.appendingPathComponent("meta.yaml"))
    self.place = place
  }

  private let place: URL

  public func add(_ run: Run) throws {
    let own = folder.appendingPathComponent(run.id)
    for name in ["artifacts", "metrics", "params", "tags"] {
      try Folder.create(at: own.appendingPathComponent(name))
    }
    let artifacts = place.appendingPathComponent(run.id).appendingPathComponent("artifacts")
    try AtomicFile.write(
      """
      artifact_uri: \(Self.quoted(artifacts.absoluteString))
      end_time: \(Self.milliseconds(run.end))
      entry_point_name: ''
      experiment_id: '\(experiment)'
      lifecycle_stage: active
      run_id: \(Self.quoted(run.id))
      run_name: \(Self.quoted(run.name))
      run_uuid: \(Self.quoted(run.id))
      source_name: ''
      source_type: 4
      source_version: ''
      start_time: \(Self.milliseconds(run.start))
      status: 3
      tags: []
      user_id: patina

      """, to: own.appendingPathComponent("meta.yaml"))
    try write(["mlflow.runName": run.name, "mlflow.user": "patina"], in: own.appendingPathComponent("tags"))
    try write(run.parameters, in: own.appendingPathComponent("params"))
    let time = Self.milliseconds(run.end)
    try write(
      run.metrics.mapValues { points in points.map { "\(time) \($0.value) \($0.step)\n" }.joined() },
      in: own.appendingPathComponent("metrics"))
  }

  private func write(_ texts: [String: String], in folder: URL) throws {
    for (key, text) in texts {
      let url = folder.appendingPathComponent(Self.key(key))
      try Folder.create(at: url.deletingLastPathComponent())
      try AtomicFile.write(text, to: url)
    }
  }

  /// MLflow's keys have letters, digits, `_`, `-`, `.`, spaces and slashes; parts of only dots would lead elsewhere.
  static func key(_ name: String) -> String {
    name.split(separator: "/").map { part in
      let text = String(
        part.map { $0.isASCII && ($0.isLetter || $0.isNumber) || "_-. ".contains($0) ? $0 : "_" })
      return text.allSatisfy { $0 == "." } ? String(text.map { _ in Character("_") }) : text
    }.joined(separator: "/")
  }

  /// A string of YAML in single quotes, on one line.
  private static func quoted(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "'\(line.replacing("'", with: "''"))'"
  }

  private static func milliseconds(_ date: Date) -> Int { Int(date.timeIntervalSince1970 * 1000) }
}
