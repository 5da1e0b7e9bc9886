import ArgumentParser
import Datasets
import Training

/// Whether and how a translator is conditioned on masks.
struct MaskOptions: ParsableArguments {
  @Option(
    help: """
      Make defects just where a mask says: masks for clean images are the training \
      split's own ones ('real'), as they lie in other windows, or 'drawn' like them. \
      Windows of --size are taken at native scale.
      """)
  var masks: MaskSettings.Shapes?
  @Option(help: "Pixels around a mask over which a made defect fades out (default 3).") var feather: Double?
  @Option(
    help:
      "How much smaller or larger masks become where they are moved and turned: LOW-HIGH, of lengths (default 0.8-1.25)."
  ) var scale: ScaleRange?
  @Option(help: "How far masks are turned where they are moved, in degrees to either side (default 10).")
  var turn: Double?

  var isUsed: Bool { masks != nil || feather != nil || scale != nil || turn != nil }

  func validate() throws {
    guard masks != nil || !isUsed else { throw ValidationError("--feather, --scale and --turn are of --masks") }
  }

  /// - Parameter source: of classes with masks, where masks are asked for.
  func settings(_ source: TrainingSource) throws -> MaskSettings? {
    guard let masks else { return nil }
    var result = MaskSettings(masksHash: try DefectLibrary(of: source).hash)
    result.shapes = masks
    if let feather { result.feather = feather }
    if let scale { (result.smallestScale, result.largestScale) = (scale.range.lowerBound, scale.range.upperBound) }
    result.turn = turn
    return result
  }
}

extension MaskSettings.Shapes: ExpressibleByArgument {}
