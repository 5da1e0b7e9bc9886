import Datasets
import Files
import Foundation
import Models
import Runs
import Training

/// The settings of a run against the published ones of a translator, or the usual ones of a classifier or segmenter.
struct SettingsCheck {
  /// What says where and how a run is done, not what is learned.
  private static let leftOut: Set = [
    "source", "imagesHash", "threads", "device", "seed", "checkpointInterval", "sampleInterval", "figures",
  ]

  let outcome: Outcome

  init(_ configuration: any TranslatorConfiguration) {
    let (published, name) = Self.published(like: configuration)
    self.init(configuration, against: published, "published for \(name)", "published")
  }

  /// - Parameters:
  ///   - name: what the other settings are, behind "as".
  ///   - short: the same in a word.
  init(_ configuration: any Encodable, against other: any Encodable, _ name: String, _ short: String) {
    guard let own = Self.values(configuration), let other = Self.values(other) else {
      outcome = .notRun("the settings cannot be written down")
      return
    }
    let differences = Set(own.keys).union(other.keys).sorted().compactMap { key -> String? in
      guard own[key] != other[key] else { return nil }
      return "\(key) \(own[key] ?? "none") (\(short): \(other[key] ?? "none"))"
    }
    let list = differences.joined(separator: "; ")
    outcome = Outcome(
      .pass, differences.isEmpty ? "as \(name)" : "other than \(name): \(list)",
      measures: [.init("differences", Double(differences.count))])
  }

  /// As published, for images with as many channels.
  private static func published(
    like configuration: any TranslatorConfiguration
  ) -> (any TranslatorConfiguration, name: String) {
    let transform = ImageTransform(size: 256, loadSize: 286, channels: configuration.transform.channels)
    if let cut = configuration as? CUTConfiguration {
      let isFast = cut.loss.mirroring && !cut.loss.identity
      return (
        CUTConfiguration(
          source: cut.source, imagesHash: cut.imagesHash, transform: transform, threads: cut.threads,
          recipe: isFast ? .fastCUT : .cut), isFast ? "FastCUT" : "CUT"
      )
    }
    return (
      CycleGANConfiguration(
        source: configuration.source, imagesHash: configuration.imagesHash, transform: transform,
        threads: configuration.threads), "CycleGAN"
    )
  }

  /// Settings by their names, those within others behind a dot.
  private static func values(_ configuration: any Encodable) -> [String: String]? {
    guard let data = try? JSONFile.encode(configuration),
      case .object(let object)? = try? JSONDecoder().decode(JSONValue.self, from: data)
    else { return nil }
    var result: [String: String] = [:]
    func add(_ value: JSONValue, _ name: String) {
      switch value {
      case .object(let inner): for (key, value) in inner { add(value, name.isEmpty ? key : "\(name).\(key)") }
      case .array(let values): result[name] = "\(values.count) values"
      case .string(let text): result[name] = text
      case .integer(let number): result[name] = "\(number)"
      case .number(let number): result[name] = number.short
      case .boolean(let isOn): result[name] = isOn ? "yes" : "no"
      case .null: break
      }
    }
    add(.object(object.filter { !leftOut.contains($0.key) }), "")
    return result
  }
}
