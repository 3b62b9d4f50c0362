// swift-tools-version: 6.2
import PackageDescription

/// Language settings of every Swift target: Swift 6 mode with the stricter import rules.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "tickertape",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "ProviderCore", targets: ["ProviderCore"]),
        .library(name: "ProviderOpenAI", targets: ["ProviderOpenAI"]),
        .library(name: "ProviderHTTP", targets: ["ProviderHTTP"]),
        .library(name: "Tokenization", targets: ["Tokenization"]),
        .library(name: "FunctionTools", targets: ["FunctionTools"]),
        .library(name: "Sandbox", targets: ["Sandbox"]),
        .executable(name: "tickertape", targets: ["tickertape"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // The model call: values, seams, decoding. Foundation only.
        .target(name: "ProviderCore", exclude: ["Embedded"], swiftSettings: house, plugins: ["EmbedPlugin"]),
        .target(name: "ProviderOpenAI", dependencies: ["ProviderCore"], swiftSettings: house),
        .target(name: "ProviderHTTP", dependencies: ["ProviderCore", "CCurl"], swiftSettings: house),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(
            name: "Simulator",
            dependencies: [
                "ProviderCore",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            exclude: ["Embedded", "SCENARIOS.md"], swiftSettings: house, plugins: ["EmbedPlugin"]),

        // Token counts. The vocabularies are compiled in.
        .target(name: "Tokenization", dependencies: ["CVocabulary"], swiftSettings: house),
        .target(
            name: "CVocabulary",
            exclude: ["NOTICE", "classes.txt", "classes.table", "cl100k_base.pairs", "o200k_base.pairs"]),

        // Function calling: schemas, definitions, arguments that stream, the loop. And what runs programs, alone in that.
        .target(name: "FunctionTools", dependencies: ["ProviderCore"], swiftSettings: house),
        .target(name: "Sandbox", dependencies: ["FunctionTools", "CSpawn"], swiftSettings: house),
        .target(name: "CSpawn"),

        // What is kept on disk: the usage ledger, and what became of function calls. The one place that knows SQLite.
        .target(
            name: "Storage",
            dependencies: [
                "ProviderCore", "FunctionTools", "Conversations", "Benchmarking",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),

        // The screen: values, loop, and the one place that knows ncurses.
        .target(name: "TerminalKit", swiftSettings: house),
        .target(name: "TerminalCurses", dependencies: ["TerminalKit", "CNcurses"], swiftSettings: house),
        .target(
            name: "CNcurses",
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo", .when(platforms: [.linux]))]),

        // Markdown while it streams, and the colours of code in it.
        .target(name: "Markdown", dependencies: ["TerminalKit"], swiftSettings: house),

        // Conversations as values: the tree of messages, what is kept of an answer, export and import.
        .target(
            name: "Conversations", dependencies: ["ProviderCore", "FunctionTools", "Markdown"], swiftSettings: house),

        // Benchmarks: suites, the runner, scores, reports. The statistics know nothing of models.
        .target(name: "Statistics", swiftSettings: house),
        .target(
            name: "Benchmarking",
            dependencies: ["ProviderCore", "FunctionTools", "Statistics", .product(name: "Yams", package: "Yams")],
            swiftSettings: house),

        // The product.
        .target(
            name: "AppSettings",
            dependencies: ["ProviderCore", "TerminalKit", .product(name: "TOMLKit", package: "TOMLKit")],
            swiftSettings: house, plugins: ["EmbedPlugin"]),
        .target(
            name: "AppUI",
            dependencies: [
                "ProviderCore", "FunctionTools", "TerminalKit", "Markdown", "Conversations", "Benchmarking",
                "Statistics",
            ],
            swiftSettings: house),
        .executableTarget(
            name: "tickertape",
            dependencies: [
                "ProviderCore", "ProviderOpenAI", "ProviderHTTP", "Simulator", "TerminalKit", "TerminalCurses",
                "AppSettings", "AppUI", "Tokenization", "Storage", "FunctionTools", "Sandbox", "Markdown",
                "Conversations", "Benchmarking", "Statistics", argumentParser,
                logging,
            ],
            exclude: ["tickertape.1", "KEYS.md", "SETTINGS.md"], swiftSettings: house),

        // The programs of the page "Using the provider core in your own program". No product: nobody installs them.
        .executableTarget(
            name: "provider-examples", dependencies: ["ProviderCore", "ProviderOpenAI", "ProviderHTTP"],
            path: "Sources/Examples", exclude: ["GUIDE.md"], swiftSettings: house),

        // Turns data files into Swift constants at build time, so that a moved binary still has them.
        .plugin(name: "EmbedPlugin", capability: .buildTool(), path: "Sources/EmbedPlugin"),

        // Figures of the library from inside, for `make bench`.
        .executableTarget(
            name: "provider-bench", dependencies: ["ProviderCore", "ProviderOpenAI", "ProviderHTTP", "TerminalKit"],
            path: "Tests/Benchmarks/ProviderBench", swiftSettings: house),
        .executableTarget(
            name: "ledger-bench", dependencies: ["ProviderCore", "FunctionTools", "Benchmarking", "Storage"],
            path: "Tests/Benchmarks/LedgerBench", swiftSettings: house),
        .executableTarget(
            name: "conversation-bench", dependencies: ["ProviderCore", "Conversations", "Storage"],
            path: "Tests/Benchmarks/ConversationBench", swiftSettings: house),
        .executableTarget(
            name: "tool-bench", dependencies: ["FunctionTools", "Sandbox", "ProviderCore"],
            path: "Tests/Benchmarks/ToolBench", swiftSettings: house),
        .executableTarget(
            name: "markdown-bench", dependencies: ["Markdown", "TerminalKit"],
            path: "Tests/Benchmarks/MarkdownBench", swiftSettings: house),
        .executableTarget(
            name: "token-bench", dependencies: ["Tokenization"], path: "Tests/Benchmarks/TokenBench",
            swiftSettings: house),

        .target(
            name: "TestSupport", dependencies: ["ProviderCore", "TerminalKit", "CTestSupport"],
            path: "Tests/TestSupport",
            swiftSettings: house),
        .target(
            name: "CTestSupport", path: "Tests/CTestSupport",
            linkerSettings: [.linkedLibrary("util", .when(platforms: [.linux]))]),
        .testTarget(name: "ProviderCoreTests", dependencies: ["ProviderCore", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "ProviderOpenAITests", dependencies: ["ProviderOpenAI", "ProviderCore", "TestSupport"],
            exclude: ["Fixtures", "Schemas"], swiftSettings: house),
        .testTarget(
            name: "ConformanceTests", dependencies: ["ProviderOpenAI", "ProviderCore", "TestSupport"],
            exclude: ["Cases"], swiftSettings: house),
        .testTarget(
            name: "ProviderHTTPTests", dependencies: ["ProviderHTTP", "ProviderCore", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "SimulatorTests",
            dependencies: ["Simulator", "ProviderHTTP", "ProviderOpenAI", "ProviderCore", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "BenchmarkingTests",
            dependencies: [
                "Benchmarking", "FunctionTools", "ProviderCore", "ProviderOpenAI", "Sandbox", "Statistics",
                "TestSupport",
            ],
            exclude: ["Fixtures"], swiftSettings: house),
        .testTarget(
            name: "TokenizationTests", dependencies: ["Tokenization", "TestSupport"],
            exclude: ["Fixtures", "compare_tokens.py"], swiftSettings: house),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Storage", "ProviderCore", "FunctionTools", "Conversations", "Benchmarking", "TestSupport",
                "ledger-bench", "conversation-bench",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "FunctionToolsTests", dependencies: ["FunctionTools", "ProviderCore", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: house),
        .testTarget(
            name: "SandboxTests", dependencies: ["Sandbox", "FunctionTools", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "MarkdownTests", dependencies: ["Markdown", "TerminalKit", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "ConversationsTests",
            dependencies: ["Conversations", "Markdown", "ProviderCore", "FunctionTools", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "StatisticsTests", dependencies: ["Statistics"], exclude: ["Fixtures"], swiftSettings: house),
        .testTarget(name: "TerminalKitTests", dependencies: ["TerminalKit", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "AppSettingsTests",
            dependencies: [
                "AppSettings", "FunctionTools", "ProviderOpenAI", "ProviderCore", "TerminalKit", "TestSupport",
            ],
            swiftSettings: house),
        .testTarget(
            name: "AppUITests",
            dependencies: [
                "AppUI", "FunctionTools", "TerminalKit", "Markdown", "Conversations", "ProviderCore", "ProviderOpenAI",
                "ProviderHTTP", "Simulator", "TestSupport", "Benchmarking", "Statistics",
            ],
            exclude: ["Golden"], swiftSettings: house),
        .testTarget(
            name: "ExamplesTests", dependencies: ["provider-examples", "Simulator", "ProviderCore", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "TestSupport", "TerminalKit", "FunctionTools", "ProviderCore", "AppSettings", "AppUI", "tickertape",
            ],
            exclude: ["Golden"], swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
