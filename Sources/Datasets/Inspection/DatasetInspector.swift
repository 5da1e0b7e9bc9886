import Files
import Foundation
import Images
import Runs
import Synchronization

/// Looks at every image of a data set once and says what is in it, and what is wrong with it.
///
/// Bad files and bad labels are found, not thrown. The result depends on the data and the seed alone, not on the threads.
public struct DatasetInspector: Sendable {
  public var threads: Int
  /// Divides groups for the probes.
  public var seed: UInt64
  /// From this area under the curve on, a probe's result is a finding.
  public var probeThreshold: Double
  /// How many of the strangest images are named.
  public var outlierCount: Int

  public init(threads: Int = 2, seed: UInt64 = 0, probeThreshold: Double = 0.7, outlierCount: Int = 16) {
    self.threads = threads
    self.seed = seed
    self.probeThreshold = probeThreshold
    self.outlierCount = outlierCount
  }

  /// - Parameter progress: called with the number of images seen so far, from any thread, one call at a time.
  public func inspect(
    _ opened: OpenedDataset, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> InspectionRecord {
    let survey = survey(opened.dataset, progress)
    let classes = ClassSummary(survey)
    let outliers = OutlierSearch(survey).strangest(outlierCount)
    let probes = ShortcutProbes(survey, seed: seed).all()
    let copies = CopySearch(survey, threads: threads)
    var findings = opened.complaints.findings
    findings += FileFindings(survey).all
    findings += ImportFindings(opened.dataset).all
    findings += CopyFindings(survey, copies).all
    findings += SplitFindings(survey).all
    findings += LabelFindings(survey).all
    findings += BalanceFindings(survey, classes.facts).all
    findings += ShortcutFindings(probes, threshold: probeThreshold, survey).all
    return InspectionRecord(
      name: opened.dataset.folder.lastPathComponent, description: opened.dataset.description,
      images: survey.images.count, groups: Set(survey.images.map(\.group)).count, isSplit: opened.dataset.isSplit,
      findings: Self.ordered(findings), outliers: outliers, classes: classes.facts, samples: classes.samples,
      files: classes.files,
      distributions: Distributions(survey).all, positions: survey.positions.maps(opened.dataset.categories),
      overlaps: classes.overlaps, probes: probes.map(\.record), facts: facts)
  }

  /// The most serious first; within one severity, as they were found.
  private static func ordered(_ findings: [InspectionRecord.Finding]) -> [InspectionRecord.Finding] {
    findings.enumerated().sorted {
      ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
    }.map(\.element)
  }

  private func survey(_ dataset: Dataset, _ progress: @escaping @Sendable (Int) -> Void) -> Survey {
    let images = dataset.images
    let state = Mutex((seen: 0, positions: PositionGrid()))
    let looks = parallelMap(count: images.count, threads: threads) { index in
      let cells = PositionGrid.cells(of: images[index])
      let facts: Result<ImageFacts, InputError> = Self.look(at: images[index], in: dataset)
      state.withLock {
        $0.seen += 1
        $0.positions.add(cells)
        progress($0.seen)
      }
      return facts
    }
    return Survey(dataset: dataset, looks: looks, positions: state.withLock { $0.positions })
  }

  private static func look(at image: DatasetImage, in dataset: Dataset) -> Result<ImageFacts, InputError> {
    do {
      return .success(try ImageFacts(of: image, in: dataset))
    } catch let error as InputError {
      return .failure(error)
    } catch {
      return .failure(InputError(at: image.fileName, expected: "a readable image", found: "\(error)"))
    }
  }

  private var facts: [Fact] {
    [
      Fact("seed of the probes", "\(seed)"), Fact("threshold of the probes (AUC)", "\(probeThreshold)"),
      Fact("groups in a probe's test", "one in \(ShortcutProbe.folds), in turn"),
    ]
  }
}
