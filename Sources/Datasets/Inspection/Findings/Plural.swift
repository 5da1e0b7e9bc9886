/// Words that follow a number.
enum Plural {
  static func images(_ count: Int) -> String { count == 1 ? "1 image" : "\(count) images" }
  static func are(_ count: Int) -> String { count == 1 ? "is" : "are" }
  static func have(_ count: Int) -> String { count == 1 ? "has" : "have" }
  static func show(_ count: Int) -> String { count == 1 ? "shows" : "show" }
  static func stand(_ count: Int) -> String { count == 1 ? "stands" : "stand" }
  static func of(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
}
