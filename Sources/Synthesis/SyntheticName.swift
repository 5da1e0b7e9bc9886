import Datasets
import Foundation

/// How the files of synthetic images are called: their number, and what they were made of.
enum SyntheticName {
  static func file(_ index: Int, of origin: DatasetImage) -> String {
    let stem = ((origin.fileName as NSString).lastPathComponent as NSString).deletingPathExtension
    return String(format: "%06d_", index) + stem + ".png"
  }
}
