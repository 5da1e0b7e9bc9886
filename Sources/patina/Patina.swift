import ArgumentParser

@main
struct Patina: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patina", abstract: "Labelled synthetic defect images, and what they are worth.",
    subcommands: [ImportCommand.self, SplitCommand.self, InspectCommand.self, CropCommand.self])
}
