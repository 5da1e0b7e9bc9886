import ArgumentParser
import Files
import Foundation
import Logging
import Torch
import Training

/// The version that `--version` prints.
let programVersion = Versions.patina

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Versions, threads and devices.",
    discussion: """
      Example:
        patina info --json
      """)

  @Flag(help: "Print JSON.") var json = false

  private struct Report: Encodable {
    struct CUDA: Encodable {
      let devices: Int
      /// Why there is none.
      let reason: String?
    }

    let patina: String
    let libtorchBuilt: String
    let libtorchLoaded: String
    let threads: Int
    let cpu: String
    /// Whose convolutions and norms the CPU runs.
    let kernels: String
    let devices: [String]
    let cuda: CUDA
  }

  func run() throws {
    let cuda: Report.CUDA
    do {
      cuda = .init(devices: try Device.cudaCount(), reason: nil)
    } catch {
      cuda = .init(devices: 0, reason: "\(error)")
    }
    let report = Report(
      patina: programVersion, libtorchBuilt: Runtime.builtVersion, libtorchLoaded: try Runtime.runningVersion(),
      threads: Runtime.threadCount, cpu: Runtime.cpuCapability,
      kernels: try Kernels.chosen().rawValue,
      devices: ["cpu"] + (0..<cuda.devices).map { "cuda:\($0)" }, cuda: cuda)
    if let mismatch = Runtime.versionMismatch() { Logger.console.warning("\(mismatch)") }
    guard !json else { return print(String(decoding: try JSONFile.encode(report), as: UTF8.self), terminator: "") }
    print(
      """
      patina    \(report.patina)
      libtorch  \(report.libtorchLoaded) (built against \(report.libtorchBuilt))
      cpu       \(report.cpu), \(report.threads) threads
      kernels   \(report.kernels)
      cuda      \(cuda.reason ?? "\(cuda.devices) devices")
      """)
  }
}
