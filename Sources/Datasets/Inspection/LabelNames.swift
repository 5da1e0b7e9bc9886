import Foundation

/// Compares labels with what file names say: in many data sets a file bears the name of its class.
///
/// A name "says" a class where all words of the class stand in it one after another, as in `rolled-in_scale_12.jpg`; the
/// class with the most letters counts. Nothing is concluded unless most files bear a class and most of these agree.
struct LabelNames {
  struct Disagreement: Equatable {
    /// Position in the data set.
    let image: Int
    /// The class that the name says.
    let named: String
    /// The classes of the labels that differ.
    let labelled: String
    /// How many labels differ.
    let labels: Int
  }

  /// In the order of the images; nil where names have no rule.
  let disagreeing: [Disagreement]?

  /// At least this share of the names must say a class, and of these that share agree.
  private static let bearing = 0.5
  private static let agreeing = 0.8

  init(_ dataset: Dataset) {
    let classes = dataset.classNames.enumerated().compactMap {
      index, name -> (words: [String], name: String, id: Int?)? in
      let words = Self.words(name)
      // A number or a single letter stands in names for many reasons.
      guard words.contains(where: { $0.count > 1 && !$0.allSatisfy(\.isNumber) }) else { return nil }
      return (words, name, index == 0 ? nil : dataset.categories[index - 1].id)
    }
    let names = Dictionary(dataset.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    var bearing = 0, agreeing = 0
    var found: [Disagreement] = []
    for (index, image) in dataset.images.enumerated() {
      let words = Self.words((image.fileName as NSString).deletingPathExtension)
      let said = classes.filter { Self.contains(words, $0.words) }
      guard let longest = said.map({ $0.words.joined().count }).max() else { continue }
      let best = said.filter { $0.words.joined().count == longest }
      guard best.count == 1, let named = best.first else { continue }
      bearing += 1
      let differing = image.annotations.filter { $0.categoryID != named.id }
      let isWrong = image.isClean ? named.id != nil : !differing.isEmpty
      guard isWrong else {
        agreeing += 1
        continue
      }
      let labelled =
        image.isClean
        ? dataset.cleanName : Set(differing.compactMap { names[$0.categoryID] }).sorted().joined(separator: ", ")
      found.append(
        Disagreement(image: index, named: named.name, labelled: labelled, labels: max(1, differing.count)))
    }
    let hasRule =
      Double(bearing) >= Self.bearing * Double(dataset.images.count)
      && Double(agreeing) >= Self.agreeing * Double(bearing)
    disagreeing = hasRule && bearing > 0 ? found : nil
  }

  private static func contains(_ words: [String], _ part: [String]) -> Bool {
    guard !part.isEmpty, words.count >= part.count else { return false }
    return (0...words.count - part.count).contains { words[$0..<$0 + part.count].elementsEqual(part) }
  }

  /// Letters and digits in lower case, parted where they change or something else stands between.
  static func words(_ text: some StringProtocol) -> [String] {
    var result: [String] = []
    var previous: Bool?
    for character in text.lowercased() {
      guard character.isLetter || character.isNumber else {
        previous = nil
        continue
      }
      if previous == character.isNumber, let last = result.indices.last {
        result[last].append(character)
      } else {
        result.append(String(character))
      }
      previous = character.isNumber
    }
    return result
  }
}
