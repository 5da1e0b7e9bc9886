import Files
import Foundation

/// Splits a data set, and keeps the test images what they are: results of a test are comparable only on the same images.
///
/// The split is frozen by the contents of its files. The same call again gives the same split, also where files were renamed
/// or imported anew; a call that would change the test images is refused unless it says so.
public struct SplitRun: Sendable {
  /// What becomes of test images that are frozen.
  public enum TestImages: String, Codable, CaseIterable, Sendable {
    /// A split with other test images is refused.
    case refuseChange
    /// They stay; the other images are divided anew into training and validation.
    case keep
    /// They are forgotten.
    case replace
  }

  public let splitter: Splitter
  public let groups: SplitGroups
  public let testImages: TestImages
  /// The split to hold on to; nil takes the data set's own.
  public let frozen: FrozenSplit?

  public init(
    _ splitter: Splitter, groups: SplitGroups, testImages: TestImages = .refuseChange, frozen: FrozenSplit? = nil
  ) {
    self.splitter = splitter
    self.groups = groups
    self.testImages = testImages
    self.frozen = frozen
  }

  /// Splits and writes `splits.json` in one step.
  ///
  /// - Returns: the data set, opened anew, and what was done.
  /// - Throws: `InputError` when the test images would change unasked, or hang together with training images.
  public func run(_ dataset: Dataset) throws -> (dataset: Dataset, report: SplitReport) {
    let names = groups.names
    let members = zip(dataset.images, names).map { image, group in
      Splitter.Member(group: group, className: dataset.className(of: image))
    }
    let method = (["stratified by class, whole groups"] + groups.ways).joined(separator: ", ")
    let held = try frozen ?? FrozenSplit(at: dataset.folder)
    var places: [Split?]
    let outcome: SplitReport.TestOutcome
    if let held, !(held.contents[.test] ?? []).isEmpty, testImages != .replace {
      if testImages == .keep {
        places = try keepingTest(held, dataset, members)
        outcome = .kept
      } else if held.seed == splitter.seed, held.fractions == splitter.fractions, held.method == method,
        let found = try restored(held, dataset, names)
      {
        places = found
        outcome = .kept
      } else {
        places = try splitter.places(of: members)
        try refuseChange(of: held, to: places, dataset, method)
        outcome = .kept
      }
    } else {
      places = try splitter.places(of: members)
      outcome = held == nil || testImages != .replace ? .new : .replaced
    }
    let set = try write(places, names, method, to: dataset)
    return (set, SplitReport(of: set, groups: names, splitter: splitter, ways: groups.ways, test: outcome))
  }

  /// Every image where its content stood; nil when images were added, lost or changed.
  private func restored(_ held: FrozenSplit, _ dataset: Dataset, _ names: [String]) throws -> [Split?]? {
    var left = held.contents.values.reduce(into: [ContentDigest: Int]()) { counts, contents in
      for content in contents { counts[content, default: 0] += 1 }
    }
    for image in dataset.images {
      guard let digest = ContentDigest(image.provenance.sha256), let count = left[digest], count > 0 else { return nil }
      left[digest] = count - 1
    }
    guard left.values.allSatisfy({ $0 == 0 }) else { return nil }
    let known = held.places
    let places = dataset.images.map { ContentDigest($0.provenance.sha256).flatMap { known[$0] } }
    // Groups may have changed with the names.
    return Self.torn(names, places) == nil ? places : nil
  }

  /// Frozen test images stay; images of their groups that are new stand nowhere, and the others are divided.
  private func keepingTest(
    _ held: FrozenSplit, _ dataset: Dataset, _ members: [Splitter.Member]
  ) throws -> [Split?] {
    let test = Set(held.contents[.test] ?? [])
    let isTest = dataset.images.map { ContentDigest($0.provenance.sha256).map(test.contains) ?? false }
    guard isTest.contains(true) else {
      throw InputError(
        at: dataset.folder.path, expected: "some of the \(test.count) frozen test images", found: "none of them",
        remedy: "Another data set may have been meant; --replace-test forgets them")
    }
    let testGroups = Set(zip(members, isTest).filter(\.1).map(\.0.group))
    let open = members.indices.filter { !testGroups.contains(members[$0].group) }
    var places: [Split?] = isTest.map { $0 ? .test : nil }
    for (index, place) in zip(open, try splitter.withoutTest().places(of: open.map { members[$0] })) {
      places[index] = place
    }
    return places
  }

  private func refuseChange(
    of held: FrozenSplit, to places: [Split?], _ dataset: Dataset, _ method: String
  ) throws {
    let now = zip(dataset.images, places).filter { $0.1 == .test }.compactMap {
      ContentDigest($0.0.provenance.sha256)
    }
    let before = held.contents[.test] ?? []
    guard Set(now) != Set(before) || now.count != before.count else { return }
    let present = Set(dataset.images.compactMap { ContentDigest($0.provenance.sha256) })
    let known = Set(held.contents.values.joined())
    var reasons: [String] = []
    func add(_ isOther: Bool, _ text: @autoclosure () -> String) { if isOther { reasons.append(text()) } }
    if held.seed == nil {
      reasons.append("its test split came with the images")
    } else {
      add(held.seed != splitter.seed, "seed \(splitter.seed) in place of \(held.seed.map(String.init) ?? "none")")
      add(held.fractions != splitter.fractions, "other shares")
      add(held.method != method, "other groups")
    }
    let new = present.subtracting(known).count
    let gone = known.subtracting(present).count
    add(new > 0, "\(new) new images")
    add(gone > 0, "\(gone) images that are gone")
    add(reasons.isEmpty, "other groups or classes of the images")
    let kept = Set(now).intersection(before).count
    throw InputError(
      at: dataset.folder.appendingPathComponent(DatasetForm.splits).path,
      expected: "the \(before.count) test images that are frozen",
      found: "a split that would keep \(kept) of them (\(reasons.joined(separator: ", ")))",
      remedy:
        "--keep-test holds them and divides the others; --replace-test makes new ones, with which nothing measured "
        + "before compares")
  }

  /// A group with images on two sides, if any.
  static func torn(_ names: [String], _ places: [Split?]) -> String? {
    var sides: [String: Split] = [:]
    for (name, place) in zip(names, places) {
      guard let place else { continue }
      if let other = sides.updateValue(place, forKey: name), other != place { return name }
    }
    return nil
  }

  private func write(
    _ places: [Split?], _ names: [String], _ method: String, to dataset: Dataset
  ) throws -> Dataset {
    var splits: [Split: [String]] = [.train: [], .validation: [], .test: []]
    var contents: [Split: [ContentDigest]] = [:]
    for (image, place) in zip(dataset.images, places) {
      guard let place else { continue }
      splits[place, default: []].append(image.fileName)
      if let digest = ContentDigest(image.provenance.sha256) { contents[place, default: []].append(digest) }
    }
    let joined = zip(dataset.images, names).filter { $0.0.provenance.group != $0.1 }.map { ($0.0.fileName, $0.1) }
    let form = DatasetForm.Splits(
      version: DatasetForm.version, method: method, seed: splitter.seed, fractions: splitter.fractions, splits: splits,
      groups: joined.isEmpty ? nil : Dictionary(joined, uniquingKeysWith: { first, _ in first }),
      frozen: FrozenSplit(
        contents: contents, seed: splitter.seed, fractions: splitter.fractions, method: method))
    try JSONFile.write(form, to: dataset.folder.appendingPathComponent(DatasetForm.splits))
    return try Dataset(at: dataset.folder)
  }
}
