// swift-tools-version: 6.2
import PackageDescription

// `scripts/setup` (run by `make`) puts libtorch and two pkg-config files into the user's cache folder. Naming those files
// by absolute path keeps unsafe flags out of every library target, which other packages depend on. Only executables and
// tests carry one: the run path to the very libtorch that they were built against.
let home = Context.environment["HOME"] ?? ""
let cache = "\(Context.environment["XDG_CACHE_HOME"] ?? "\(home)/.cache")/patina"

/// The libtorch in use, its pkg-config file and the folder of its libraries.
let libtorch: (pkgConfig: String, libraries: String) = {
  guard let chosen = Context.environment["LIBTORCH"], !chosen.isEmpty else {
    return ("\(cache)/pkgconfig/libtorch-2.13.0.pc", "\(cache)/libtorch-2.13.0/torch/lib")
  }
  let path = chosen.hasSuffix("/") ? String(chosen.dropLast()) : chosen
  return ("\(cache)/pkgconfig/libtorch\(String(path.map { $0 == "/" ? "-" : $0 })).pc", "\(path)/lib")
}()

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let runPath: [LinkerSetting] = [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", libtorch.libraries])]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A Swift library of the package; what it may import is checked by a test against ARCHITECTURE.md.
func library(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: strict, linkerSettings: runPath)
}

let package = Package(
  name: "patina",
  products: [
    .executable(name: "patina", targets: ["patina"]),
    .library(name: "Torch", targets: ["Torch"]),
    .library(name: "Layers", targets: ["Layers"]),
    .library(name: "Optimizers", targets: ["Optimizers"]),
    .library(name: "Models", targets: ["Models"]),
    .library(name: "Images", targets: ["Images"]),
    .library(name: "Datasets", targets: ["Datasets"]),
    .library(name: "Metrics", targets: ["Metrics"]),
    .library(name: "Runs", targets: ["Runs"]),
    .library(name: "Training", targets: ["Training"]),
    .library(name: "Synthesis", targets: ["Synthesis"]),
    .library(name: "Studies", targets: ["Studies"]),
    .library(name: "Doctor", targets: ["Doctor"]),
    .library(name: "Reports", targets: ["Reports"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CLibTorch", pkgConfig: libtorch.pkgConfig),
    .systemLibrary(name: "COpenCV", pkgConfig: "\(cache)/pkgconfig/opencv.pc"),
    .target(name: "CTorch", dependencies: ["CLibTorch"]),
    // libjpeg is part of what OpenCV's own codecs link; OpenCV's photo module blends.
    .target(
      name: "CVision", dependencies: ["COpenCV"],
      linkerSettings: [.linkedLibrary("opencv_photo"), .linkedLibrary("jpeg")]),
    library("Files", [crypto]),
    library("Randomness", []),
    library("Torch", ["CTorch", "Files"]),
    library("Layers", ["Torch", "Files"]),
    library("Optimizers", ["Torch", "Layers", "Files"]),
    library(
      "Models", ["Layers", "Torch", "Randomness"],
      exclude: [
        "CUT/README.md", "CycleGAN/README.md", "Inception/README.md", "ResNet/README.md", "UNet/README.md",
      ]),
    library("Images", ["CVision", "Files"]),
    library("Datasets", ["Images", "Torch", "Metrics", "Runs", "Files", "Randomness"]),
    library("Metrics", ["Torch", "Randomness"]),
    library("Runs", ["Files"]),
    library(
      "Training",
      ["Layers", "Optimizers", "Models", "Metrics", "Datasets", "Images", "Runs", "Files", "Randomness", "Torch"]),
    library(
      "Synthesis", ["Models", "Training", "Metrics", "Datasets", "Images", "Runs", "Files", "Randomness", "Torch"]),
    library(
      "Studies",
      [
        "Training", "Synthesis", "Models", "Metrics", "Datasets", "Images", "Runs", "Files", "Randomness", "Torch",
        yams,
      ]),
    library(
      "Doctor",
      [
        "Studies", "Synthesis", "Training", "Models", "Optimizers", "Layers", "Metrics", "Datasets", "Images", "Runs",
        "Files", "Randomness", "Torch",
      ]),
    library(
      "Reports", ["Runs", "Files"],
      resources: [.embedInCode("Page/report.css"), .embedInCode("Page/report.js")]),
    .executableTarget(
      name: "patina",
      dependencies: [
        "Doctor", "Studies", "Reports", "Metrics", "Synthesis", "Training", "Models", "Layers", "Datasets", "Images",
        "Runs",
        "Files", "Torch", argumentParser, logging,
      ],
      swiftSettings: strict, linkerSettings: runPath),
    .executableTarget(
      name: "patina-device-bench",
      dependencies: ["Training", "Models", "Layers", "Datasets", "Torch", argumentParser],
      swiftSettings: strict, linkerSettings: runPath),
    .executableTarget(
      name: "patina-bench",
      dependencies: ["Training", "Models", "Layers", "Datasets", "Files", "Torch", argumentParser],
      swiftSettings: strict, linkerSettings: runPath),
    .target(
      name: "TestSupport", dependencies: ["Layers"], path: "Tests/TestSupport", swiftSettings: strict),
    tests("ArchitectureTests", []),
    .target(name: "TestFolders", path: "Tests/TestFolders", swiftSettings: strict),
    tests("FilesTests", ["Files", "Randomness", "TestFolders"]),
    tests("TorchTests", ["Torch", "TestSupport", "TestFolders"]),
    tests("LayersTests", ["Layers", "TestSupport"]),
    tests("OptimizersTests", ["Optimizers", "TestSupport"]),
    tests("ModelsTests", ["Models", "Optimizers", "TestSupport"]),
    tests("ImagesTests", ["Images", "Randomness"]),
    tests("DatasetsTests", ["Datasets", "Images", "Torch", "Metrics", "Runs", "Files", "Randomness", "TestFolders"]),
    tests("MetricsTests", ["Metrics", "Torch", "Randomness"], resources: [.copy("Goldens")]),
    tests("RunsTests", ["Runs", "TestFolders"]),
    tests(
      "TrainingTests",
      ["Training", "Synthesis", "Datasets", "Images", "Runs", "Files", "Randomness", "TestSupport", "TestFolders"]),
    tests(
      "SynthesisTests",
      ["Synthesis", "Training", "Models", "Torch", "Datasets", "Images", "Files", "Randomness", "TestFolders"]),
    tests("StudiesTests", ["Studies", "Metrics", "Runs", "Files", "Randomness", "TestFolders"]),
    tests(
      "DoctorTests",
      [
        "Doctor", "Studies", "Synthesis", "Training", "Models", "Optimizers", "Layers", "Datasets", "Images", "Runs",
        "Files", "Randomness", "Torch", "TestFolders",
      ]),
    tests("ReportsTests", ["Reports", "Runs", "Files", "TestFolders"]),
    tests(
      "CommandTests",
      ["patina", "Doctor", "Reports", "Runs", "Images", "Randomness", "Files", "TestFolders", argumentParser]),
  ],
  cxxLanguageStandard: .cxx20)
