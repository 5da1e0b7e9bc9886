import ArgumentParser
import Files
import Foundation
import Layers
import Models
import Torch

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Every network, with its number of parameters.",
    discussion: """
      The counts are taken from networks that are built for it, not from a table.

      Example:
        patina models --json
      """)

  @Flag(help: "Print JSON.") var json = false

  private struct Entry: Encodable {
    let name: String
    let network: String
    let channels: Int
    let parameters: Int
  }

  func run() throws {
    let generator = try Generator(seed: 0)
    var entries: [Entry] = []
    func add(_ name: String, _ network: String, _ channels: Int, _ module: any Module) throws {
      entries.append(
        Entry(name: name, network: network, channels: channels, parameters: try module.parameterCount()))
    }
    for blocks in [9, 6] {
      for channels in [3, 1] {
        let module = try ResNetGenerator(
          inputs: channels, outputs: channels, blocks: blocks, generator: generator)
        try add("resnet_\(blocks)blocks", "CycleGAN generator, 64 filters", channels, module)
      }
    }
    for channels in [3, 1] {
      try add(
        "patchgan_70", "CycleGAN discriminator, 64 filters", channels,
        PatchDiscriminator(inputs: channels, generator: generator))
    }
    for channels in [3, 1] {
      try add(
        "resnet18", "classifier, width 64, 2 classes", channels,
        ResNet18(channels: channels, classes: 2, generator: generator))
      try add(
        "resnet18_compact", "classifier, width 16, 2 classes, stem for small images", channels,
        ResNet18(channels: channels, classes: 2, width: 16, stem: .compact, generator: generator))
      try add(
        "unet", "segmenter, width 64, 2 classes", channels,
        UNet(channels: channels, classes: 2, generator: generator))
      try add(
        "unet_bilinear", "segmenter, width 16, 2 classes, bilinear", channels,
        UNet(channels: channels, classes: 2, width: 16, upsampling: .bilinear, generator: generator))
    }
    guard !json else { return print(String(decoding: try JSONFile.encode(entries), as: UTF8.self), terminator: "") }
    let width = entries.map(\.name.count).max() ?? 0
    for entry in entries {
      let name = entry.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let count = String(entry.parameters)
      print(
        "\(name)  \(entry.channels) ch  \(String(repeating: " ", count: max(0, 10 - count.count)))\(count)  \(entry.network)"
      )
    }
  }
}
