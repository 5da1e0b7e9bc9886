import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing

@testable import Datasets

struct SplitterTests {
  /// Random groups of one to nine images, most clean, some with defects of a few kinds.
  private func members(_ seed: Int) -> [Splitter.Member] {
    var random = SeededGenerator(seed: UInt64(seed))
    let kinds = 1 + random.int(below: 4)
    var result: [Splitter.Member] = []
    for group in 0..<(40 + random.int(below: 200)) {
      let kind = random.int(below: kinds)
      for _ in 0...random.int(below: 9) {
        let isDefect = random.bool(probability: 0.4)
        result.append(.init(group: "g\(group)", className: isDefect ? "kind\(kind)" : "Free"))
      }
    }
    return random.shuffled(result)
  }

  @Test(arguments: 0..<12)
  func groupsStayWholeAndClassesAreEverywhere(_ seed: Int) throws {
    let members = members(seed)
    let splitter = try Splitter(seed: UInt64(seed))
    let places = try splitter.places(of: members)
    #expect(places.count == members.count)
    var byGroup: [String: Set<Split>] = [:]
    var byClass: [String: [Split: Int]] = [:]
    for (member, place) in zip(members, places) {
      byGroup[member.group, default: []].insert(place)
      byClass[member.className, default: [:]][place, default: 0] += 1
    }
    #expect(byGroup.values.allSatisfy { $0.count == 1 })
    for (name, counts) in byClass {
      let total = Double(counts.values.reduce(0, +))
      for split in Split.allCases {
        let share = Double(counts[split] ?? 0) / total
        // Groups hold up to ten images, so shares of small classes are coarse.
        #expect(share > 0 && abs(share - (splitter.fractions[split] ?? 0)) < 0.05 + 5 / total, "\(name) \(split)")
      }
    }
    #expect(try splitter.places(of: members) == places)
    let backwards = try splitter.places(of: members.reversed())
    #expect(Array(backwards.reversed()) == places)
    #expect(try Splitter(seed: UInt64(seed) + 1).places(of: members) != places)
  }

  @Test func rareClassesStandInEverySplit() throws {
    var members = (0..<300).map { Splitter.Member(group: "g\($0)", className: "Free") }
    members += (0..<3).map { Splitter.Member(group: "r\($0)", className: "rare") }
    for seed in 0..<10 {
      let places = try Splitter(seed: UInt64(seed)).places(of: members)
      #expect(Set(places.suffix(3)) == Set(Split.allCases))
    }
    members.removeLast()
    #expect(Set(try Splitter().places(of: members).suffix(2)).count == 2)
    let two = try Splitter(train: 0.8, validation: 0, test: 0.2).places(of: members)
    #expect(!two.contains(.validation) && Set(two.suffix(2)) == [.train, .test])
  }

  /// Three groups carry all of class `s`, and are not its own to place: the rarer class `r` comes first.
  @Test(arguments: 0..<5)
  func classesThatHangTogetherStandInEverySplit(_ seed: Int) throws {
    var members: [Splitter.Member] = []
    for group in 0..<6 {
      members.append(.init(group: "g\(group)", className: "r"))
      if group < 3 { members += (0..<100).map { _ in .init(group: "g\(group)", className: "s") } }
    }
    let splitter = try Splitter(train: 0.98, validation: 0.01, test: 0.01, seed: UInt64(seed))
    let places = try splitter.places(of: members)
    for name in ["r", "s"] {
      let seen = zip(members, places).filter { $0.0.className == name }.map(\.1)
      #expect(Set(seen) == Set(Split.allCases), "\(name)")
    }
  }

  @Test(arguments: [(0.6, 0.2, 0.3), (0.0, 0.5, 0.5), (1.2, -0.1, -0.1), (.nan, 0.5, 0.5)])
  func refusesSharesThatAreNone(_ train: Double, _ validation: Double, _ test: Double) {
    #expect(throws: InputError.self) { try Splitter(train: train, validation: validation, test: test) }
  }

  /// As near to the shares as groups of these sizes allow: no single group could move to a better place.
  @Test(arguments: 0..<6)
  func noGroupWouldStandBetterElsewhere(_ seed: Int) throws {
    let members = members(seed + 50)
    let splitter = try Splitter(seed: UInt64(seed))
    let places = try splitter.places(of: members)
    func deviation(_ places: [Split]) -> Double {
      var sum = 0.0
      for name in Set(members.map(\.className)).sorted() + [""] {
        let own = zip(members, places).filter { name.isEmpty || $0.0.className == name }.map(\.1)
        for split in Split.allCases {
          let count = own.count { $0 == split }
          sum += abs(Double(count) / Double(own.count) - (splitter.fractions[split] ?? 0)) + (count == 0 ? 10 : 0)
        }
      }
      return sum
    }
    let reached = deviation(places)
    for group in Set(members.map(\.group)).sorted().prefix(30) {
      for split in Split.allCases {
        let moved = zip(members, places).map { $0.group == group ? split : $1 }
        #expect(deviation(moved) > reached - 1e-6)
      }
    }
  }

  @Test func refusesFewerGroupsThanSplits() throws {
    let members = [Splitter.Member](repeating: .init(group: "one", className: "Free"), count: 9)
    #expect(throws: InputError.self) { try Splitter().places(of: members) }
    #expect(try Splitter(train: 1, validation: 0, test: 0).places(of: members).allSatisfy { $0 == .train })
    #expect(throws: InputError.self) { try Splitter().places(of: []) }
  }
}
