/// What a data set's tables say besides its images.
struct DatasetHead: Sendable {
  let description: String
  let cleanName: String
  /// In the order of their ids.
  let categories: [Category]

  /// The name of the class of images that show this category; the clean class for nil, and for what is no category.
  func className(_ category: Int?) -> String {
    category.flatMap { id in categories.first { $0.id == id }?.name } ?? cleanName
  }
}
