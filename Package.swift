// swift-tools-version: 6.2
import PackageDescription

/// Set by .ci/fuzz to libFuzzer's library: then everything is built for fuzzing, and the fuzzers with it.
let fuzzer = Context.environment["FUZZ"]

/// Set by .ci/fuzz beside it to count the lines that the fuzzers reach.
let coverage =
  Context.environment["COVERAGE"] == nil ? [] : ["-profile-generate", "-profile-coverage-mapping"]

/// The same for every Swift target: unmarked unsafe code, and any other warning, stops the build.
let settings: [SwiftSetting] =
  [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (fuzzer == nil ? [] : [.unsafeFlags(["-sanitize=fuzzer,address"] + coverage)])

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func fuzzTarget(_ name: String) -> Target {
  .executableTarget(
    name: "Fuzz\(name)", dependencies: ["CFuzzer", "FuzzTargets"], path: "Tests/Fuzzing/\(name)",
    swiftSettings: settings,
    linkerSettings: [.unsafeFlags(["-sanitize=address", fuzzer ?? "", "-lstdc++"] + coverage.prefix(1))])
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

// The arrows of docs/architecture.md; .ci/check-imports holds every import against them.
let package = Package(
  name: "alula",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
  ],
  targets: [
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CEvent", pkgConfig: "libevent_extra", providers: [.apt(["libevent-dev"])]),
    .systemLibrary(name: "CMaxMind", pkgConfig: "libmaxminddb", providers: [.apt(["libmaxminddb-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    target("Diagnostics"),
    target("Memory", ["CLinux"]),
    target("Wire", ["Memory"]),
    target("Zone", ["Diagnostics", "Memory", "Wire"]),
    target("Failover"),
    target("Answering", ["Failover", "Memory", "Wire", "Zone"]),
    target("Sockets", ["CLinux", "Memory", "Wire"]),
    target("Crypto", ["COpenSSL"]),
    target("Content", ["CPCRE2", "CZlib"]),
    target("Locations", ["CMaxMind"]),
    target("JSONFormat"),
    target("Observing", ["JSONFormat", "Memory", logging]),
    target("Serving", ["Answering", "Memory", "Observing", "Sockets", "Wire"]),
    target("Probing", ["Content", "Crypto", "Failover", "Memory", "Sockets", "Wire"]),
    target("Journal", ["Failover", "Memory"]),
    target("Configuration", ["CYAML", "Content", "Diagnostics", "Wire"]),
    target(
      "Assembly",
      [
        "Answering", "Configuration", "Crypto", "Diagnostics", "Failover", "Locations", "Memory", "Probing",
        "Updating", "Wire", "Zone",
      ]),
    target("Control", ["CEvent", "Failover", "JSONFormat", "Journal", "Memory", "Observing", "Sockets", "Wire"]),
    target(
      "Rehearsal",
      ["Answering", "Assembly", "Configuration", "Diagnostics", "Failover", "Memory", "Probing", "Wire", "Zone"]),
    target(
      "Daemon",
      [
        "Answering", "Assembly", "CLinux", "Configuration", "Control", "Diagnostics", "Failover", "JSONFormat",
        "Journal",
        "Memory", "Observing", "Probing", "Rehearsal", "Serving", "Sockets", "Updating", "Wire", "Zone", logging,
      ]),
    target("LoadGeneration", ["Diagnostics", "Memory", "Sockets", "Wire", "Zone"]),
    target("Updating", ["Crypto", "Memory", "Wire", "Zone"]),
    target(
      "Delegation",
      [
        "Assembly", "Configuration", "Crypto", "Diagnostics", "Failover", "JSONFormat", "Memory", "Rehearsal",
        "Sockets",
        "Wire", "Zone",
      ]),
    .executableTarget(
      name: "alula",
      dependencies: [
        "Control", "Daemon", "Delegation", "Diagnostics", "JSONFormat", "LoadGeneration", "Sockets", "Wire", arguments,
      ],
      swiftSettings: settings),

    tests("WireTests", ["Memory", "Wire"]),
    tests("MemoryTests", ["Memory"]),
    tests("ZoneFileTests", ["Diagnostics", "Memory", "TestSupport", "Wire", "Zone"]),
    tests("ZoneTests", ["Diagnostics", "Memory", "Wire", "Zone"]),
    tests("AnsweringTests", ["Answering", "Diagnostics", "Failover", "Memory", "Wire", "Zone"]),
    tests("FailoverTests", ["Failover"]),
    tests("JournalTests", ["Failover", "Journal", "Memory", "TestSupport"]),
    .executableTarget(
      name: "JournalDrill", dependencies: ["Journal", "Memory"], path: "Tests/JournalDrill", swiftSettings: settings),
    tests("Scenarios", ["Diagnostics", "Failover", "Rehearsal"], exclude: ["Player", "defects", "stories"]),
    tests(
      "RehearsalTests",
      ["Assembly", "Diagnostics", "Failover", "JSONFormat", "Probing", "Rehearsal", "TestSupport", "Wire"]),
    tests("DaemonTests", ["Daemon"]),
    tests("SocketsTests", ["Memory", "Sockets", "Wire"]),
    tests("ProbingTests", ["Content", "Crypto", "Failover", "Probing", "Sockets", "Wire"]),
    tests("ObservingTests", ["Memory", "Observing", logging]),
    tests("JSONFormatTests", ["JSONFormat"]),
    tests(
      "UpdatingTests", ["Crypto", "Memory", "TestSupport", "Updating", "Wire", "Zone"], exclude: ["Fixtures"]),
    tests(
      "DelegationTests",
      [
        "Assembly", "Configuration", "Delegation", "Diagnostics", "Failover", "JSONFormat", "Memory", "Sockets",
        "TestSupport", "Wire", "Zone",
      ]),
    tests(
      "ControlTests", ["Control", "Failover", "JSONFormat", "Memory", "Observing", "Sockets", "TestSupport", "Wire"]),
    tests("LoadGenerationTests", ["LoadGeneration", "Memory", "TestSupport", "Wire"]),
    tests(
      "AssemblyTests",
      [
        "Answering", "Assembly", "Configuration", "Diagnostics", "Failover", "Locations", "Memory", "TestSupport",
        "Wire",
      ]),
    tests("ConfigurationTests", ["Configuration", "Diagnostics", "Wire"]),
    .target(name: "TestSupport", dependencies: ["CLinux"], path: "Tests/TestSupport", swiftSettings: settings),
    tests("BlackBoxTests", ["JSONFormat", "Memory", "TestSupport"]),
    .executableTarget(
      name: "Compare", dependencies: ["TestSupport"], path: "Tests/Compare", swiftSettings: settings),
    .executableTarget(
      name: "ProberBench", dependencies: ["Crypto", "Failover", "Probing", "Sockets", "Wire"], path: "bench/prober",
      exclude: ["run"], swiftSettings: settings),
    .executableTarget(
      name: "BrainBench", dependencies: ["Failover"], path: "bench/brain", exclude: ["run"], swiftSettings: settings),
    .target(
      name: "CAnswering", path: "bench/inprocess/c"),
    .executableTarget(
      name: "InProcess", dependencies: ["Answering", "CAnswering", "Diagnostics", "Memory", "Wire", "Zone"],
      path: "bench/inprocess/swift", swiftSettings: settings),
    .target(
      name: "FuzzTargets",
      dependencies: ["Answering", "Diagnostics", "Failover", "Memory", "Updating", "Wire", "Zone"],
      path: "Tests/Fuzzing/Targets",
      swiftSettings: settings),
    .testTarget(
      name: "ReplayTests", dependencies: ["FuzzTargets", "TestSupport"], path: "Tests/Fuzzing/Replay",
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

if fuzzer != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/Fuzzing/CFuzzer"), fuzzTarget("EDNS"), fuzzTarget("Message"),
    fuzzTarget("RData"),
    fuzzTarget("Update"),
    fuzzTarget("ZoneFile"),
  ]
}
