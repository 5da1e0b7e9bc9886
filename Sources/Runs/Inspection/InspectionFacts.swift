extension InspectionRecord {
  /// Smallest, middle and largest of a list.
  public struct Spread: Codable, Equatable, Sendable {
    public var least: Double
    public var median: Double
    public var most: Double

    /// nil for an empty list.
    public init?(_ values: [Double]) {
      let sorted = values.sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      least = first
      most = last
      let middle = sorted.count / 2
      median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  /// A name and how often it occurs.
  public struct Counted: Codable, Equatable, Sendable {
    public var name: String
    public var count: Int

    public init(_ name: String, _ count: Int) {
      self.name = name
      self.count = count
    }
  }

  /// One class of the data set.
  public struct ClassFacts: Codable, Equatable, Sendable {
    public var name: String
    /// Images of this class: of several classes in an image, the one that covers most counts.
    public var images: Int
    /// Images that hold it, alone or beside others.
    public var holding: Int
    public var groups: Int
    /// Images by split; those in none under "none".
    public var splits: [String: Int]
    public var synthetic: Int
    /// Mean brightness of an image outside of its defects, 0 ... 1.
    public var brightness: Spread?
    /// Standard deviation of the brightness outside of the defects, 0 ... 1.
    public var contrast: Spread?
    /// Labels with a mask, with a box alone, and of the whole image.
    public var masks: Int
    public var boxes: Int
    public var wholes: Int
    /// Defects: 8-connected parts of the masks; boxes where there are no masks.
    public var defects: Int
    /// Pixels of a defect: of its mask, or its box.
    public var defectArea: Spread?
    /// The share of an image that its defects of this class cover, 0 ... 1.
    public var coverage: Spread?

    public init(
      name: String, images: Int, holding: Int, groups: Int, splits: [String: Int], synthetic: Int,
      brightness: Spread?, contrast: Spread?, masks: Int, boxes: Int, wholes: Int, defects: Int, defectArea: Spread?,
      coverage: Spread?
    ) {
      self.name = name
      self.images = images
      self.holding = holding
      self.groups = groups
      self.splits = splits
      self.synthetic = synthetic
      self.brightness = brightness
      self.contrast = contrast
      self.masks = masks
      self.boxes = boxes
      self.wholes = wholes
      self.defects = defects
      self.defectArea = defectArea
      self.coverage = coverage
    }
  }

  /// How the images are stored, of those that can be read.
  public struct FileFacts: Codable, Equatable, Sendable {
    /// `jpeg`, `png`, …
    public var formats: [Counted]
    /// "200 × 200", the most frequent first.
    public var sizes: [Counted]
    public var width: Spread?
    public var height: Spread?
    /// "8 bits", "16 bits".
    public var bits: [Counted]
    /// "grey", "colour", "grey stored as colour".
    public var colours: [Counted]
    /// Bytes of a file.
    public var bytes: Spread?

    public init(
      formats: [Counted], sizes: [Counted], width: Spread?, height: Spread?, bits: [Counted], colours: [Counted],
      bytes: Spread?
    ) {
      self.formats = formats
      self.sizes = sizes
      self.width = width
      self.height = height
      self.bits = bits
      self.colours = colours
      self.bytes = bytes
    }
  }

  /// A measure's histogram for each class, over common bins.
  public struct Distribution: Codable, Equatable, Sendable {
    public struct Series: Codable, Equatable, Sendable {
      public var name: String
      public var counts: [Int]
      public var spread: Spread?

      public init(name: String, counts: [Int], spread: Spread?) {
        self.name = name
        self.counts = counts
        self.spread = spread
      }
    }

    public var title: String
    /// Of what, in a sentence.
    public var explanation: String
    public var unit: String
    public var isLogarithmic: Bool
    /// One more than there are bins, ascending; the last bin holds its upper edge.
    public var edges: [Double]
    public var series: [Series]

    public init(
      title: String, explanation: String, unit: String, isLogarithmic: Bool, edges: [Double], series: [Series]
    ) {
      self.title = title
      self.explanation = explanation
      self.unit = unit
      self.isLogarithmic = isLogarithmic
      self.edges = edges
      self.series = series
    }
  }

  /// Where in an image a class's defects lie: all images laid over one another, each stretched to one square grid.
  public struct PositionMap: Codable, Equatable, Sendable {
    public var className: String
    /// Images whose defects have a mask or a box.
    public var images: Int
    public var columns: Int
    public var rows: Int
    /// For each cell, row by row from the top: the share of it that defects cover, mean over the images, 0 ... 1.
    public var shares: [Double]

    public init(className: String, images: Int, columns: Int, rows: Int, shares: [Double]) {
      self.className = className
      self.images = images
      self.columns = columns
      self.rows = rows
      self.shares = shares
    }
  }

  /// Two classes that meet in images.
  public struct Overlap: Codable, Equatable, Sendable {
    /// In the order of the classes.
    public var classes: [String]
    /// Images that hold both.
    public var images: Int
    /// Pixels that belong to both by their masks.
    public var pixels: Int
    /// Images with such pixels.
    public var imagesSharingPixels: Int

    public init(classes: [String], images: Int, pixels: Int, imagesSharingPixels: Int) {
      self.classes = classes
      self.images = images
      self.pixels = pixels
      self.imagesSharingPixels = imagesSharingPixels
    }
  }
}
