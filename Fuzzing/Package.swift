// swift-tools-version: 6.2
import PackageDescription

// Patina's readers under libFuzzer. A package of its own: it is built with coverage and the address sanitizer, and nothing
// of that should reach who only uses Patina. scripts/fuzz builds and runs it.
let home = Context.environment["HOME"] ?? ""
let cache = "\(Context.environment["XDG_CACHE_HOME"] ?? "\(home)/.cache")/patina"
let libtorch = Context.environment["LIBTORCH"] ?? "\(cache)/libtorch-2.13.0/torch"

let package = Package(
  name: "Fuzzing",
  dependencies: [.package(name: "patina", path: "..")],
  targets: [
    .executableTarget(
      name: "PatinaFuzz",
      dependencies: [
        .product(name: "Datasets", package: "patina"),
        .product(name: "Images", package: "patina"),
        .product(name: "Torch", package: "patina"),
      ],
      // libFuzzer brings main.
      swiftSettings: [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"])])
  ])
