/// How many images of each class each group holds, by numbers.
struct SplitTable {
  /// By group, for the classes it holds: which, and how many images.
  let groups: [[(className: Int, count: Int)]]
  /// Images by class.
  let totals: [Int]
  /// Groups that hold a class, by class.
  let groupsOfClass: [Int]
  /// For each member, its group.
  let groupOfMember: [Int]

  /// Groups and classes are numbered in the order of their names, so that the members' order does not count.
  init(_ members: [Splitter.Member]) {
    let groupNames = Set(members.map(\.group)).sorted()
    let classNames = Set(members.map(\.className)).sorted()
    let groupNumbers = Dictionary(zip(groupNames, groupNames.indices), uniquingKeysWith: { first, _ in first })
    let classNumbers = Dictionary(zip(classNames, classNames.indices), uniquingKeysWith: { first, _ in first })
    groupOfMember = members.map { groupNumbers[$0.group] ?? 0 }
    var counts = Array(repeating: [Int: Int](), count: groupNames.count)
    var totals = Array(repeating: 0, count: classNames.count)
    var groupsOfClass = totals
    for (member, group) in zip(members, groupOfMember) {
      let number = classNumbers[member.className] ?? 0
      if counts[group][number] == nil { groupsOfClass[number] += 1 }
      counts[group][number, default: 0] += 1
      totals[number] += 1
    }
    groups = counts.map { $0.sorted { $0.key < $1.key }.map { (className: $0.key, count: $0.value) } }
    self.totals = totals
    self.groupsOfClass = groupsOfClass
  }
}
