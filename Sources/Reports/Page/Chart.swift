/// One chart as `report.js` draws it.
struct Chart: Encodable {
  enum Kind: String, Encodable {
    /// Values with intervals, one line each: each series holds lower end, value and upper end, or the value alone.
    case forest
    /// Points joined by lines.
    case lines
    /// Horizontal bars, one for each label, each made of the series' values.
    case stack
  }

  struct Series: Encodable {
    var name: String
    /// Position in the palette.
    var color: Int
    /// Coordinates; nil breaks a line.
    var points: [[Double?]]
    var wide = false
    /// Around the line: x, lower and upper end for each point.
    var band: [[Double]] = []
    var marked = false
  }

  /// A vertical line.
  struct Mark: Encodable {
    var name: String
    var at: Double
    var solid: Bool
  }

  var id: String
  var kind: Kind
  /// What it shows, for those who cannot see it.
  var description: String
  var xTitle = ""
  var yTitle = ""
  var labels: [String] = []
  var series: [Series]
  var marks: [Mark] = []
  var xMin: Double?
  var xMax: Double?
  var yMin: Double?
  var yMax: Double?
  /// Whether the horizontal axis is logarithmic.
  var isLogarithmic = false
  /// Whether the vertical axis holds 0 whatever the values are.
  var yFromZero = false
  /// In CSS pixels.
  var height: Int

  /// The element into which it is drawn.
  func figure(caption: HTML = .empty) -> HTML {
    """
    <figure><div class="chart" style="height: \(height)px"><canvas id="\(id)" role="img" aria-label="\(description)">\
    </canvas></div><figcaption>\(caption)</figcaption></figure>
    """
  }
}
