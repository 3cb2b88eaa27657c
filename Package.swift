// swift-tools-version: 6.3
import PackageDescription

/// What only the programs need: see the trait.
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Programs"]))

// Imports go downward only (see "Architecture" in README.md): each target names the targets it may import, and
// `scripts/test` builds with the explicit dependency check on.
let package = Package(
    name: "perilune",
    products: [
        .library(name: "Perilune", targets: ["Perilune"]),
        .executable(name: "perilune", targets: ["PeriluneCLI"]),
        .executable(name: "perilune-bench", targets: ["PeriluneBench"]),
        .executable(name: "embedding-example", targets: ["EmbeddingExample"]),
    ],
    traits: [
        .default(enabledTraits: ["Programs"]),
        .trait(
            name: "Programs",
            description:
                "The programs perilune and perilune-bench. A host that only embeds leaves it out, and fetches nothing."
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // Foreign worlds: system libraries and the C that must be C.
        .systemLibrary(name: "CLua", pkgConfig: "lua5.4", providers: [.apt(["liblua5.4-dev"])]),
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
        // No pkgConfig, which would link it: see CCurlBridge.
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CLuaBridge", dependencies: ["CLua"]),
        .target(name: "CEditBridge", dependencies: ["CEdit"]),
        .target(name: "CCurlBridge", dependencies: ["CCurl"]),
        .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),

        // The trainer, from the bottom up.
        .target(name: "PeriluneItems"),
        // The process around a run: terminal, signals, interrupts, threads. Knows of no run.
        .target(name: "PeriluneProcess"),
        .target(name: "PeriluneGraph"),
        .target(name: "PeriluneRuntime", dependencies: ["PeriluneGraph", "CKernels", "COneDNN"]),
        .target(name: "PeriluneNN", dependencies: ["PeriluneGraph", "PeriluneItems"]),
        .target(
            name: "PeriluneData", dependencies: ["PeriluneGraph", "PeriluneItems", "CZlib"],
            resources: [.embedInCode("Resources/digits.csv.gz"), .embedInCode("Resources/iris.csv.gz")]),
        .target(
            name: "PeriluneTrain",
            dependencies: [
                "PeriluneData", "PeriluneGraph", "PeriluneItems", "PeriluneNN", "PeriluneProcess", "PeriluneRuntime",
                "CZlib",
            ]),
        .target(
            name: "PeriluneLoggers",
            dependencies: [
                "PeriluneData", "PeriluneGraph", "PeriluneItems", "PeriluneNN", "PeriluneProcess", "PeriluneRuntime",
                "PeriluneTrain", "CCurlBridge", "CZlib",
            ]),

        // Lua: itself, the machinery of bindings (neither knows of the trainer), Perilune's own bindings, the prompt.
        .target(name: "PeriluneLuaRuntime", dependencies: ["CLua", "CLuaBridge"]),
        .target(name: "PeriluneBinding", dependencies: ["PeriluneItems", "PeriluneLuaRuntime"]),
        .target(
            name: "PeriluneLua",
            dependencies: [
                "PeriluneBinding", "PeriluneData", "PeriluneGraph", "PeriluneItems", "PeriluneLoggers",
                "PeriluneLuaRuntime", "PeriluneNN", "PeriluneProcess", "PeriluneRuntime", "PeriluneTrain",
            ]),
        .target(
            name: "PerilunePrompt",
            dependencies: [
                "PeriluneBinding", "PeriluneData", "PeriluneGraph", "PeriluneItems", "PeriluneLua",
                "PeriluneLuaRuntime", "PeriluneNN", "PeriluneProcess", "PeriluneTrain",
            ]),
        // What hosts see: names chosen one by one from the targets below.
        .target(
            name: "Perilune",
            dependencies: [
                "PeriluneData", "PeriluneGraph", "PeriluneItems", "PeriluneLoggers", "PeriluneLua",
                "PeriluneLuaRuntime", "PeriluneNN", "PeriluneProcess", "PerilunePrompt", "PeriluneRuntime",
                "PeriluneTrain",
            ]),

        // Programs. What they use beside what hosts see they import from the targets themselves.
        .executableTarget(
            name: "PeriluneCLI",
            dependencies: [
                "Perilune", "PeriluneBinding", "PeriluneItems", "PeriluneLua", "PeriluneLuaRuntime", "CEditBridge",
                argumentParser,
            ],
            resources: ["xor", "iris", "callbacks", "branches"].map { .embedInCode("Examples/\($0).lua") }),
        .executableTarget(
            name: "PeriluneBench",
            dependencies: ["Perilune", "PeriluneData", argumentParser],
            resources: ["digits_process", "callback_costs"].map { .embedInCode("Workloads/\($0).lua") }),

        // A host program, as small as one can be: the tests build and run it.
        .executableTarget(
            name: "EmbeddingExample", dependencies: ["Perilune"], exclude: ["callbacks.lua"]),

        // Tests, one target a layer.
        .target(
            name: "PeriluneTestSupport",
            dependencies: ["PeriluneGraph", "PeriluneItems", "PeriluneRuntime"], path: "Tests/PeriluneTestSupport"),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .executableTarget(
            name: "perilune-fuzz",
            dependencies: [
                "PeriluneBinding", "PeriluneData", "PeriluneGraph", "PeriluneItems", "PeriluneLua",
                "PeriluneLuaRuntime", "PeriluneProcess", "PerilunePrompt", "PeriluneTrain",
            ],
            path: "Tests/PeriluneFuzz"),
        .testTarget(name: "PeriluneItemsTests", dependencies: ["PeriluneItems"]),
        .testTarget(name: "PeriluneGraphTests", dependencies: ["PeriluneGraph", "PeriluneTestSupport"]),
        .testTarget(
            name: "PeriluneRuntimeTests",
            dependencies: [
                "PeriluneGraph", "PeriluneRuntime", "CKernels", "PeriluneTestSupport", "CAllocationCounter",
            ]),
        .testTarget(
            name: "PeriluneNNTests",
            dependencies: ["PeriluneGraph", "PeriluneItems", "PeriluneNN", "PeriluneRuntime", "PeriluneTestSupport"],
            resources: [.copy("Fixtures/Torch")]),
        .testTarget(
            name: "PeriluneTrainTests",
            dependencies: [
                "PeriluneData", "PeriluneGraph", "PeriluneItems", "PeriluneLoggers", "PeriluneNN", "PeriluneProcess",
                "PeriluneRuntime", "PeriluneTrain", "PeriluneTestSupport", "CAllocationCounter", "CZlib",
            ],
            resources: [.copy("Agreement/Fixtures")]),
        .testTarget(
            name: "PeriluneLuaTests",
            dependencies: [
                "Perilune", "PeriluneBinding", "PeriluneData", "PeriluneItems", "PeriluneLua", "PeriluneLuaRuntime",
                "PeriluneProcess", "PerilunePrompt", "CLuaBridge", "PeriluneTestSupport", "CAllocationCounter",
            ]),
        .executableTarget(name: "signal-probe", dependencies: ["Perilune"], path: "Tests/SignalProbe"),
        .testTarget(
            name: "PeriluneCLITests",
            dependencies: [
                "PeriluneCLI", "PeriluneBench", "EmbeddingExample", "PeriluneItems", "PeriluneLua", "PerilunePrompt",
                "perilune-fuzz", "signal-probe", "PeriluneTestSupport",
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)

/// Targets whose Swift holds pointers: every unsafe expression there says `unsafe`.
let pointerTargets: Set = [
    "PeriluneProcess", "PeriluneRuntime", "PeriluneLoggers", "PeriluneLuaRuntime", "PeriluneLua", "PerilunePrompt",
]
let cTargets: Set = ["CLuaBridge", "CEditBridge", "CCurlBridge", "CKernels", "CAllocationCounter"]

for target in package.targets where target.type != .system {
    if cTargets.contains(target.name) {
        target.cSettings = [.treatAllWarnings(as: .error)]
        continue
    }
    target.swiftSettings =
        [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .treatAllWarnings(as: .error),
        ] + (pointerTargets.contains(target.name) ? [.strictMemorySafety()] : [])
}
