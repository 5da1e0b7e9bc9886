import Foundation
import Images
import Testing

@testable import Datasets

struct ScaledImagesTests {
  /// 12 bytes each.
  private func image(_ value: UInt8) -> Image { Image(width: 2, height: 2, channels: 3, filledWith: value) }

  @Test func keepsUntilItIsFullAndNeverMore() {
    for (room, expected) in [(0, 0), (11, 0), (12, 1), (35, 2), (36, 3), (1000, 10)] {
      let images = ScaledImages(room: room)
      for round in 0..<3 {
        for index in 0..<10 {
          images.keep(image(UInt8(index)), of: "\(index)")
          #expect(images.bytes <= room)
        }
        #expect(images.count == expected, "round \(round) of room \(room)")
        #expect(images.bytes == expected * 12)
      }
      #expect(images["0"] == (expected > 0 ? image(0) : nil))
      #expect(images["9"] == (expected > 9 ? image(9) : nil))
    }
  }

  @Test func staysWithinItsRoomFromManyThreads() {
    let images = ScaledImages(room: 100)
    DispatchQueue.concurrentPerform(iterations: 400) { index in
      images.keep(image(UInt8(index % 200)), of: "\(index % 200)")
    }
    #expect(images.count == 8)
    #expect(images.bytes == 96)
  }

  @Test func makesOnlyWhatItDoesNotKeep() throws {
    let images = ScaledImages(room: 12)
    var made = 0
    for path in ["a", "a", "b", "b", "a"] {
      let got = try images.image(path) {
        made += 1
        return image(path == "a" ? 1 : 2)
      }
      #expect(got.bytes[0] == (path == "a" ? 1 : 2))
    }
    #expect(made == 3)
  }
}
