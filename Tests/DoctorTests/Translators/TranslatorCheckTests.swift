import Datasets
import Foundation
import Images
import Models
import Runs
import TestFolders
import Testing
import Torch

@testable import Doctor

/// What single checks say of what is not seen by the translator with faults.
struct TranslatorCheckTests {
  /// What `outputs` says of files that a program writes under some names.
  private func outputs(_ names: [TranslationDirection: String]) throws -> Outcome {
    var subject = TranslatorSubject.homemade()
    subject.write = { translator, batch, folder in
      for direction in TranslationDirection.allCases {
        let made = try #require(try translator.translated(batch.source(direction), direction, mask: nil))
        let file = folder.appendingPathComponent(try #require(names[direction]))
        try PixelBatch.images(of: made)[0].encoded(as: .png).write(to: file)
      }
    }
    return try TranslatorChecks(subject, seed: 3).outputs()
  }

  @Test func filesOfBothDirectionsAreLookedFor() throws {
    let apart = try outputs([.cleanToDefect: "defect.png", .defectToClean: "clean.png"])
    #expect(apart.verdict == .pass && apart.finding.contains("defect to clean as clean.png"))
    let over = try outputs([.cleanToDefect: "0.png", .defectToClean: "0.png"])
    #expect(over.verdict == .fail && over.finding.contains("none is what the generator from clean to defect makes"))
    #expect(over.pictures.count == 2)
  }

  @Test func greysAndPlacesComeBack() throws {
    for code in ProbeFolder.Code.allCases {
      try ProbeFolder.with(code, clean: 8, defect: 8, side: 64) { folder in
        for (domain, urls) in [folder.clean, folder.defect].enumerated() {
          for (index, url) in urls.enumerated() {
            let image = try EncodedImage(contentsOf: url.path).decoded(channels: 1)
            let mean = try PixelBatch([image]).tensor().mean().item()
            if code == .index {
              let found = try #require(ProbeFolder.image(ofGrey: mean))
              #expect(found == (domain, index))
            } else {
              let rises = code == .column ? image[63, 0] - image[0, 0] : image[0, 63] - image[0, 0]
              #expect(rises == 255 && abs(mean) < 0.01)
            }
          }
        }
      }
    }
    #expect(ProbeFolder.image(ofGrey: -1) == nil && ProbeFolder.image(ofGrey: .nan) == nil)
  }

  @Test func exchangedDomainsAndBrokenLoadersAreFound() throws {
    struct Broken: Error {}
    var subject = TranslatorSubject.homemade()
    let healthy = try #require(subject.loader)
    subject.loader = { clean, defect, seed in try healthy(defect, clean, seed) }
    let exchanged = try TranslatorChecks(subject).pairs()
    #expect(exchanged.verdict == .fail && exchanged.finding.contains("given as one of the other"))
    subject.loader = { clean, defect, seed in
      let batches = try healthy(clean, defect, seed)
      return { step in
        guard defect.count >= clean.count || step < 5 else { throw Broken() }
        return try batches(step)
      }
    }
    let broken = try TranslatorChecks(subject).pairs()
    #expect(broken.verdict == .fail && broken.finding.contains("no batch comes of 8 clean, 4 defective"))
  }

  @Test func aLossThatIsNotReportedIsMissed() throws {
    let term = LossTerm(name: "cycle_clean", expected: 2, mistakes: [(0.2, "without its weight"), (2.005, "odd")])
    #expect(term.objection(to: 2.00001) == nil && term.objection(to: 2.004) == nil)
    #expect(term.objection(to: 0.2)?.contains("× 0.1): without its weight") == true)
    #expect(term.objection(to: 1.5)?.contains("no known mistake") == true)
    #expect(term.objection(to: 2.005)?.contains("odd") == true)
    #expect(term.objection(to: .nan) != nil)
  }

  @Test func stepsKnowTheirCost() {
    let steps = TranslatorChecks(.homemade()).steps(secondsPerStep: 10)
    #expect(steps.first { $0.check == .overfitCycle }?.cost() == 10.0 * Double(TranslatorChecks.overfitSteps))
    #expect(Set(steps.map(\.check)) == Set(TranslatorChecks.checks))
    #expect(steps.count == 13 && steps.allSatisfy { $0.cost() > 0 })
    let slow = TranslatorChecks(.homemade())
    _ = slow.steps(secondsPerStep: 10)
    #expect((try? slow.overfitCycle())?.verdict == .notRun)
  }
}
