// swift-tools-version: 6.2
import PackageDescription

// Where Patina's scripts/setup put libtorch: the executable looks for it there when it starts. Patina's libraries carry no
// unsafe flags, so a package that builds libraries only needs none of this.
let home = Context.environment["HOME"] ?? ""
let cache = "\(Context.environment["XDG_CACHE_HOME"] ?? "\(home)/.cache")/patina"
let libtorch = Context.environment["LIBTORCH"] ?? "\(cache)/libtorch-2.13.0/torch"

let package = Package(
  name: "Consumer",
  dependencies: [
    // From another repository: .package(url: "https://…/patina", exact: "0.1.0")
    .package(name: "patina", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "Consumer",
      dependencies: [
        .product(name: "Torch", package: "patina"),
        .product(name: "Layers", package: "patina"),
        .product(name: "Models", package: "patina"),
      ],
      linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"])])
  ])
