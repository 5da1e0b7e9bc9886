import Images

extension Dataset {
  /// A contact sheet: a row for each class, images evenly spread over it, defects outlined.
  public func contactSheet(columns: Int = 10, cellSize: Int = 128) throws -> ContactSheet {
    var rows: [[ContactSheet.Cell]] = []
    for name in classNames {
      let members = images(inClass: name)
      guard !members.isEmpty else { continue }
      let count = min(columns, members.count)
      rows.append(
        try (0..<count).map { place in
          let image = members[place * members.count / count]
          var pixels = try pixels(of: image)
          if !image.isClean, let mask = mask(of: image) { pixels = pixels.outlining(mask) }
          return ContactSheet.Cell(pixels, caption: place == 0 ? "\(name) (\(members.count))" : image.fileName.lastPart)
        })
    }
    return ContactSheet(rows: rows, cellSize: cellSize)
  }
}

extension String {
  fileprivate var lastPart: String { split(separator: "/").last.map(String.init) ?? self }
}
