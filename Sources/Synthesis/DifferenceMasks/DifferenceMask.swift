import Images

/// How masks are taken from what a translation changed.
public struct DifferenceMaskSettings: Equatable, Sendable {
  /// Below this quality a mask is not trusted, 0 ... 1. See `DifferenceMask.quality`. Planted defects reach 0.9; what an
  /// unfinished translator smeared over magnetic tiles got up to 0.67.
  public var leastQuality = 0.7
  /// Where less of the surface's detail remains, it was made anew, and nothing tells a defect from the rest. See
  /// `DifferenceMask.surface`.
  public var leastSurface = 0.5
  /// Above this share of the image nothing tells what changed from what did not.
  public var mostChanged = 0.5
  /// Connected parts of fewer pixels are left out.
  public var leastArea = 9
  /// Changes by fewer grey levels begin no part of a mask, however little noise there is.
  public var leastLevels = 8.0

  public init() {}
}

/// Which pixels a translation changed, where nothing said which it should.
///
/// 1. What is smooth in the difference is light and not a defect: it is taken off (`ChangeBeyondLight`).
/// 2. The rest, smoothed over 3 × 3 pixels, is a part of the mask where it exceeds half of a threshold and is connected with
///    what exceeds all of it (hysteresis: Canny, PAMI 1986). The threshold is Otsu's, but at least 5 standard deviations of
///    the noise; half of it at least 3.
/// 3. Small parts are left out, and pixels with less than 0.45 of the change nearby (5 × 5 pixels): what smoothing carried over
///    a defect's edge.
///
/// What changed over more than about a quarter of the image and up to its edge may pass for light.
public struct DifferenceMask: Sendable {
  public let mask: Mask
  /// How well the mask's pixels stand out from those around them: Otsu's η, the variance of the change's size between changed
  /// and unchanged pixels over all of its variance, 0 ... 1 (Otsu, *A Threshold Selection Method from Gray-Level Histograms*,
  /// IEEE SMC 1979, equation 12). It is taken over the mask and about as many pixels around it as make a margin of its parts'
  /// size, so that a small defect on a large image counts as it would on a small one. 0 for an empty mask.
  public let quality: Double
  /// Of the image.
  public let share: Double
  /// How much of the clean surface remains: the correlation of both images' detail (what is finer than an eighth of the
  /// shorter side) where nothing changed, −1 ... 1. 1 where the clean surface has no detail.
  public let surface: Double
  /// Standard deviation of the unchanged pixels' change, after smoothing, in grey levels.
  public let noise: Double
  /// In grey levels.
  public let threshold: Double

  private static let seedNoise = 5.0
  private static let growthNoise = 3.0
  private static let edge: Float = 0.45

  /// - Precondition: both of one size and as many channels, 8 bits.
  public init(of made: Image, from clean: Image, settings: DifferenceMaskSettings = .init()) throws {
    precondition(
      made.width == clean.width && made.height == clean.height && made.channels == clean.channels,
      "a difference is that of two images of one kind")
    let (width, height) = (clean.width, clean.height)
    var change = [Float](repeating: 0, count: width * height)
    for channel in 0..<clean.channels {
      let rest = ChangeBeyondLight(of: made, from: clean, channel: channel).values
      for (index, value) in rest.smoothed3x3(width: width, height: height).enumerated() {
        change[index] = max(change[index], abs(value))
      }
    }
    // The median of what is changed by noise alone is 0.6745 of its standard deviation.
    noise = Double(change.medianSize) / 0.6745
    threshold = max(Otsu(of: change).threshold, Self.seedNoise * noise, settings.leastLevels)
    let growth = Float(max(threshold / 2, Self.growthNoise * noise))
    let grown = Mask(width: width, height: height, bits: change.map { $0 > growth ? 1 : 0 })
    let nearby = change.largestNearby(width: width, height: height)
    var bits = [UInt8](repeating: 0, count: change.count)
    var parts = 0
    let seed = Float(threshold)
    for part in try MaskComponents(of: grown).components
    where part.area >= settings.leastArea && part.pixels.contains(where: { change[$0] > seed }) {
      parts += 1
      for pixel in part.pixels where change[pixel] > Self.edge * nearby[pixel] { bits[pixel] = 1 }
    }
    mask = Mask(width: width, height: height, bits: bits)
    surface = SurfaceDetail.correlation(of: made, and: clean, outside: mask)
    let area = mask.area
    share = Double(area) / Double(bits.count)
    guard parts > 0 else {
      quality = 0
      return
    }
    let margin = max(8, (Double(area) / Double(parts)).squareRoot())
    let around = try mask.dilated(by: margin)
    quality = Otsu.separability(of: change, changed: mask, within: around)
  }

  /// Why the mask is not to be trusted; nil where it is.
  public func reason(against settings: DifferenceMaskSettings) -> String? {
    func number(_ value: Double) -> String { GateText.number(value) }
    if share > settings.mostChanged {
      return "\(number(share)) of the image changed, more than \(number(settings.mostChanged))"
    }
    if surface < settings.leastSurface {
      return "the surface was made anew: its detail agrees by \(number(surface)), less than "
        + number(settings.leastSurface)
    }
    guard quality < settings.leastQuality else { return nil }
    return mask.isEmpty
      ? "nothing changed by more than \(number(threshold)) grey levels"
      : "changed pixels stand out by a quality of \(number(quality)), less than \(number(settings.leastQuality))"
  }
}
