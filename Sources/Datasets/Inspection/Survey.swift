import Files
import Runs

/// What one pass over a data set brought: each image with its facts, or with the reason why there are none.
struct Survey: Sendable {
  let dataset: Dataset
  /// In the order of `dataset.images`.
  let looks: [Result<ImageFacts, InputError>]
  let positions: PositionGrid
  /// The class of each image, as a position in `dataset.classNames`.
  let classIndices: [Int]

  init(dataset: Dataset, looks: [Result<ImageFacts, InputError>], positions: PositionGrid) {
    self.dataset = dataset
    self.looks = looks
    self.positions = positions
    let names = Dictionary(
      dataset.classNames.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    classIndices = dataset.images.map { names[dataset.className(of: $0)] ?? 0 }
  }

  var images: [DatasetImage] { dataset.images }

  func className(_ index: Int) -> String { dataset.classNames[classIndices[index]] }

  func facts(_ index: Int) -> ImageFacts? { try? looks[index].get() }

  /// Positions of images that could be read, with their facts.
  var readable: [(index: Int, facts: ImageFacts)] {
    looks.indices.compactMap { index in facts(index).map { (index, $0) } }
  }
}
