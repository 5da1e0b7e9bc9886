import Testing

@testable import Images

/// A fixed batch through training: the first cell of each row, a column for each time.
struct FilmStripTests {
  private func sheet(_ values: [UInt8]) throws -> Image {
    try ContactSheet(
      rows: values.map { value in
        [
          .init(Image(width: 32, height: 32, filledWith: value), caption: "row"),
          .init(Image(width: 32, height: 32, filledWith: 0)),
        ]
      }
    ).rendered()
  }

  @Test func columnsAreTimesAndRowsArePictures() throws {
    let strip = try FilmStrip([
      .init(sheet([10, 60]), caption: "step 0"), .init(sheet([20, 70]), caption: "step 5"),
      .init(sheet([30, 80]), caption: "step 9"),
    ]).rendered()
    let cell = 142
    #expect(strip.width == 3 * (cell + 4) + 4 && strip.height == 2 * (cell + 14 + 4) + 4)
    for (column, values) in [(10, 60), (20, 70), (30, 80)].enumerated() {
      let x = 4 + column * (cell + 4) + cell / 2
      #expect(strip[x, 60] == values.0 && strip[x, 60 + cell + 18] == values.1)
    }
  }

  @Test func manyTimesAreThinnedEvenlyWithTheFirstAndTheLast() {
    #expect(FilmStrip.thinned(Array(0...7)) == Array(0...7))
    #expect(FilmStrip.thinned(Array(0...70)) == [0, 10, 20, 30, 40, 50, 60, 70])
    for count in [9, 10, 17, 100] {
      let thinned = FilmStrip.thinned(Array(0..<count))
      #expect(thinned.count == 8 && thinned.first == 0 && thinned.last == count - 1 && Set(thinned).count == 8)
    }
  }

  @Test func aSheetWithoutACellIsRefused() {
    #expect(throws: VisionError.self) {
      try FilmStrip([.init(Image(width: 20, height: 20, filledWith: 0), caption: "")]).rendered()
    }
  }
}
