import Files
import Foundation
import Images

/// Formats that have no sign but how their folders and names lie.
extension SourceSurvey {
  /// Names by which people call the folder without defects, in lower case.
  private static let cleanNames: Set<String> = [
    "clean", "free", "good", "normal", "ok", "okay", "defect-free", "defect_free", "defectfree", "no_defect", "no-defect",
    "non_defective", "nondefective", "not_defective",
  ]

  private static let maskSuffixes = ["_mask", "-mask", "_gt", "_label", "_seg"]

  var layouts: [FormatRecognition.Candidate] {
    get throws {
      // Masks are files of images too, so that a layout of masks excludes one of classes.
      if let masks = try masks { return [masks] }
      return [folders].compactMap { $0 }
    }
  }

  private var folders: FormatRecognition.Candidate? {
    let found = Set(listing.images.compactMap { path in path.contains("/") ? path.split(separator: "/").first : nil })
    let splits = found.filter { Split(folder: $0) != nil }
    let classes: Set<Substring>
    if !found.isEmpty, splits.count == found.count {
      classes = Set(listing.images.compactMap { path in
        let parts = path.split(separator: "/")
        return parts.count > 2 ? parts[1] : nil
      })
    } else {
      classes = found
    }
    guard classes.count > 1 else { return nil }
    let name = clean ?? classes.map(String.init).sorted().first { Self.cleanNames.contains($0.lowercased()) }
    return .init(
      FoldersImporter(clean: name), "\(classes.count) folders of images",
      options: name.map { "--clean '\($0)'" } ?? "")
  }

  private var masks: FormatRecognition.Candidate? {
    get throws {
      var suffix = ""
      var pairs = MaskPairs(in: listing, folders: nil, suffix: suffix)
      if !pairs.isComplete {
        for other in Self.maskSuffixes {
          let found = MaskPairs(in: listing, folders: nil, suffix: other)
          if found.isComplete { (suffix, pairs) = (other, found) }
        }
      }
      guard pairs.isComplete else { return nil }
      let values = try values(of: pairs.pairs.compactMap(\.mask))
      var options = suffix.isEmpty ? [] : ["--mask-suffix \(suffix)"]
      let source = classSource(pairs.pairs.map(\.name))
      if case .binary = values {
        switch source {
        case .name(let name): options.append("--category \(name)")
        case .folder: options.append("--class-from folder")
        case .prefix: options.append("--class-from prefix")
        }
      } else {
        options.append("--values index")
      }
      return .init(
        MasksImporter(
          classSource: source, clean: clean ?? "Clean", suffix: suffix, values: values, threads: threads),
        "\(pairs.pairs.count) images with masks", options: options.joined(separator: " "))
    }
  }

  /// Of binary masks, from what the names of images look like.
  private func classSource(_ names: [String]) -> MasksImporter.ClassSource {
    if names.allSatisfy({ $0.contains("/") }) { return .folder }
    let prefixes = names.map(MasksImporter.prefix)
    let kinds = Set(prefixes.compactMap { $0 })
    let isPrefix = !prefixes.contains(nil) && (2...50).contains(kinds.count) && names.count >= 3 * kinds.count
    return isPrefix ? .prefix : .name("Defect")
  }

  /// What the values of some masks, evenly taken, look like.
  private func values(of masks: [String]) throws -> MaskValues {
    let count = min(masks.count, 32)
    let chosen = (0..<count).map { masks[$0 * masks.count / count] }
    let found = parallelMap(count: count, threads: threads) { index -> MaskLook? in
      (try? folder.data(of: chosen[index])).flatMap { MaskLook(of: $0, at: chosen[index]) }
    }.compactMap { $0 }
    func ask(_ found: String, _ remedy: String) -> InputError {
      InputError(
        at: folder.url.path, expected: "masks of 0 and 255, or of numbers named in classes.txt", found: found,
        remedy: "These look like images with masks. " + remedy)
    }
    if found.contains(.colours) {
      throw ask("colours", "Name those of the classes: patina import masks … --colours Crack=#ff0000,Hole=#00ff00")
    }
    if found.contains(.binary) { return .binary(above: 127) }
    let highest = found.map { if case .numbers(let highest) = $0 { highest } else { 0 } }.max() ?? 0
    guard highest > 0 else { return .binary(above: 127) }
    if try YOLOImporter.nameFile(in: listing, folder) != nil { return .index(names: nil) }
    throw ask(
      "values up to \(highest)",
      highest == 1
        ? "If 1 means a defect: patina import masks … --threshold 0"
        : "If they number the classes: patina import masks … --values index --classes NAME,NAME")
  }
}

extension MaskPairs {
  /// Whether there are masks, each has its image, and nearly every image its mask.
  fileprivate var isComplete: Bool {
    let masked = pairs.count { $0.mask != nil }
    return masked > 0 && lonely.isEmpty && masked * 10 >= pairs.count * 9
  }
}

/// What the values of one mask look like.
private enum MaskLook: Equatable {
  /// Above 127, and low numbers at most as noise.
  case binary
  /// No value above 127.
  case numbers(highest: Int)
  case colours

  /// nil for what cannot be read.
  init?(of file: Data, at place: String) {
    guard let image = try? Image(decoding: file, at: place) else { return nil }
    if PNGPalette(of: file) != nil {
      guard let mask = try? ClassMask(file, at: place, colours: nil) else { return nil }
      self = .numbers(highest: mask.values.last ?? 0)
      return
    }
    let bytes = image.bytes
    let isColoured = stride(from: 0, to: image.channels == 3 ? bytes.count : 0, by: 3).contains { red in
      let (green, blue) = (bytes[red + 1], bytes[red + 2])
      return bytes[red] != green || green != blue
    }
    if isColoured {
      self = .colours
      return
    }
    let highest = Int(bytes.max() ?? 0)
    self = highest > 127 ? .binary : .numbers(highest: highest)
  }
}
