extension Dataset {
  /// The same images in other splits, groups whole. The files on disk keep theirs: write a copy to keep these.
  ///
  /// - Throws: `InputError` when there are fewer groups than splits.
  public func divided(by splitter: Splitter) throws -> Dataset {
    let places = try splitter.places(
      of: images.map { Splitter.Member(group: $0.group, className: className(of: $0)) })
    return keeping(zip(images, places).map { $0.inSplit($1) })
  }

  /// The same data set with some of its images alone, or images that are known otherwise.
  func keeping(_ images: [DatasetImage]) -> Dataset {
    Dataset(
      folder: folder, head: DatasetHead(description: description, cleanName: cleanName, categories: categories),
      images: images)
  }
}

extension DatasetImage {
  fileprivate func inSplit(_ split: Split) -> DatasetImage {
    DatasetImage(
      id: id, fileName: fileName, width: width, height: height, annotations: annotations, provenance: provenance,
      split: split, joinedGroup: joinedGroup)
  }
}
