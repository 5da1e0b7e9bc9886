/// One arm's precision over recall for one defect class.
///
/// Precision at a recall is the best that any threshold reaches at that recall or above, averaged over the seeds. It is for
/// looking at: average precision is worked out step by step, without this interpolation.
public struct PrecisionRecallRecord: Codable, Equatable, Sendable {
  public var arm: String
  public var scope: FigureScope
  /// Rising, in 0...1.
  public var recall: [Double]
  public var precision: [Double]

  public init(arm: String, scope: FigureScope, recall: [Double], precision: [Double]) {
    self.arm = arm
    self.scope = scope
    self.recall = recall
    self.precision = precision
  }
}

/// One arm's training loss over its steps, averaged over the seeds.
public struct LossRecord: Codable, Equatable, Sendable {
  public var arm: String
  public var points: [LossPoint]

  public init(arm: String, points: [LossPoint]) {
    self.arm = arm
    self.points = points
  }
}

/// Pictures that belong together in the report, for example real and synthetic defects of one class.
public struct PictureGroup: Codable, Equatable, Sendable {
  public var title: String
  public var caption: String
  /// Rows of pictures, one below the other so that they can be compared.
  public var rows: [PictureRow]

  public init(title: String, caption: String, rows: [PictureRow]) {
    self.title = title
    self.caption = caption
    self.rows = rows
  }
}

/// Pictures of one kind, side by side.
public struct PictureRow: Codable, Equatable, Sendable {
  /// For example `real` or `synthetic`.
  public var label: String
  /// PNG or JPEG files, relative to the study's folder.
  public var files: [String]

  public init(label: String, files: [String]) {
    self.label = label
    self.files = files
  }
}
