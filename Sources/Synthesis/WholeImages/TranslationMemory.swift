import Foundation
import Models
import Training

/// About how many bytes a translation needs beside what the program has: what was measured of CycleGAN's networks (see
/// docs/decisions/0013), and some more; of antialiased ones twice as much is taken, which their wider maps make.
struct TranslationMemory: Equatable {
  let height: Int
  let width: Int
  /// At once.
  let whole: Int
  /// In strips: the maps that are kept, and images.
  let kept: Int
  /// In strips: for each row of a strip.
  let row: Int

  init(_ configuration: any TranslatorConfiguration, height: Int, width: Int) {
    // CUT's antialiased networks convolve before they halve.
    let antialiasing = (configuration as? CUTConfiguration)?.antialiasing ?? false
    self.init(filters: configuration.filters, antialiasing: antialiasing, height: height, width: width)
  }

  init(filters: Int, antialiasing: Bool, height: Int, width: Int) {
    self.height = height
    self.width = width
    let pixel = filters * 4
    let images = 32 * height * width
    whole = height * width * pixel * (antialiasing ? 10 : 5) / 2 + images
    kept = height * width * pixel / 2 + images
    row = width * pixel * (antialiasing ? 8 : 4)
  }

  /// Bytes that the system could still give this process, within its control group's bound; nil where it does not say.
  static var available: Int? {
    guard let lines = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8).split(separator: "\n"),
      let line = lines.first(where: { $0.hasPrefix("MemAvailable:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    let group = number("/sys/fs/cgroup/memory.max").map { $0 - (number("/sys/fs/cgroup/memory.current") ?? 0) }
    return min(kibibytes << 10, max(group ?? .max, 0))
  }

  private static func number(_ path: String) -> Int? {
    (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
      Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }
}
