import ArgumentParser
import Datasets
import Files
import Foundation

/// Options that say how labels of a format are to be read.
struct ImportFormatOptions: ParsableArguments {
  @Option(help: "All but mtd, elpv: the class without defects.")
  var clean: String?

  @Option(help: "yolo, severstal, masks of numbers: names of the classes in their order, separated by commas.")
  var classes: String?

  @Option(help: "voc, labelme: images without a file of labels are left out ('skip'), or 'clean'.")
  var unlabelled: Unlabelled = .skip

  @Option(help: "voc: boxes count pixels from 1 on and include the last (1, as published), or are edges from 0 on (0).")
  var boxOrigin = 1

  @Option(help: "masks, ab: the one name of all defects.")
  var category: String?

  @Option(help: "masks: take the class from the 'folder' or from the 'prefix' of the file's name.")
  var classFrom: ClassFrom?

  @Option(help: "masks: folder of images within SRC, with --mask-folder.")
  var imageFolder: String?

  @Option(help: "masks: folder of masks within SRC, with --image-folder.")
  var maskFolder: String?

  @Option(help: "masks: what a mask's name has more than its image's, such as _mask.")
  var maskSuffix = ""

  @Option(help: "masks: values are 'binary' or the 'index' of a class (0 for none, 255 for no class).")
  var values: Values = .binary

  @Option(help: "masks, binary: values above this are defect.")
  var threshold: UInt8 = 127

  @Option(help: "masks: colours of the classes on black, such as Crack=#ff0000,Hole=#00ff00.")
  var colours: String?

  @Option(help: "elpv: mono, poly or all.")
  var type: ELPVImporter.CellType = .all

  @Option(help: "elpv: drop cells of uncertain label, or count them as clean or defective.")
  var uncertain: ELPVImporter.Uncertain = .drop

  enum ClassFrom: String, CaseIterable, ExpressibleByArgument { case folder, prefix }
  enum Unlabelled: String, CaseIterable, ExpressibleByArgument { case skip, clean }
  enum Values: String, CaseIterable, ExpressibleByArgument { case binary, index }

  func validate(for format: ImportCommand.Format) throws {
    guard (imageFolder == nil) == (maskFolder == nil) else {
      throw ValidationError("--image-folder and --mask-folder go together")
    }
    guard boxOrigin == 0 || boxOrigin == 1 else { throw ValidationError("--box-origin is 0 or 1") }
    guard format == .masks else { return }
    guard values == .binary || colours == nil else {
      throw ValidationError("--values and --colours exclude each other")
    }
    guard category == nil || classFrom == nil else {
      throw ValidationError("--category and --class-from exclude each other")
    }
    guard category != nil || classFrom != nil || values == .index || colours != nil else {
      throw ValidationError("masks needs --category NAME, --class-from folder or --class-from prefix")
    }
  }

  /// - Precondition: `format` is neither `auto` nor `rendered`.
  func importer(for format: ImportCommand.Format, threads: Int) throws -> any Importer {
    switch format {
    case .severstal: SeverstalImporter(classes: try names(), clean: clean)
    case .coco: COCOImporter(clean: clean)
    case .voc:
      VOCImporter(
        clean: clean, unlabelledIsClean: unlabelled == .clean, countsFromOne: boxOrigin == 1, threads: threads)
    case .yolo: YOLOImporter(classes: try names(), clean: clean, threads: threads)
    case .labelme: LabelMeImporter(clean: clean, unlabelledIsClean: unlabelled == .clean, threads: threads)
    case .masks: try masksImporter(threads: threads)
    case .folders: FoldersImporter(clean: clean)
    case .ab: ABImporter(clean: clean ?? "A", category: category ?? "B")
    case .mtd: MTDImporter()
    case .elpv: ELPVImporter(type: type, uncertain: uncertain)
    case .auto, .rendered: preconditionFailure("\(format) is no format of a folder")
    }
  }

  private func names() throws -> [String]? {
    guard let classes else { return nil }
    let names = classes.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard Set(names).count == names.count, names.allSatisfy({ !$0.isEmpty }) else {
      throw InputError(at: "--classes", expected: "names, each once, separated by commas", found: "'\(classes)'")
    }
    return names
  }

  private func masksImporter(threads: Int) throws -> MasksImporter {
    let classSource: MasksImporter.ClassSource =
      category.map { .name($0) } ?? (classFrom == .folder ? .folder : .prefix)
    var folders: (images: String, masks: String)?
    if let imageFolder, let maskFolder { folders = (imageFolder, maskFolder) }
    let values: MaskValues =
      if let colours {
        .colours(try MaskValues.Colour.list(colours))
      } else if self.values == .index {
        .index(names: try names())
      } else {
        .binary(above: threshold)
      }
    return MasksImporter(
      classSource: classSource, clean: clean ?? "Clean", folders: folders, suffix: maskSuffix, values: values,
      threads: threads)
  }
}

/// Options of `patina import rendered`.
struct RenderedOptions: ParsableArguments {
  @Option(help: "rendered: how many images.")
  var count = 1000

  @Option(help: "rendered: side of the images in pixels.")
  var size = 64

  @Option(help: "rendered: the share of images with a flaw.")
  var defectiveShare = 0.1

  @Option(help: "rendered: the seed of all surfaces and flaws.")
  var seed: UInt64 = 0

  func steel(threads: Int) throws -> RenderedSteel {
    var steel = try RenderedSteel(count: count, defectiveShare: defectiveShare, size: size, seed: seed)
    steel.threads = threads
    return steel
  }
}

extension ELPVImporter.CellType: ExpressibleByArgument {}
extension ELPVImporter.Uncertain: ExpressibleByArgument {}
