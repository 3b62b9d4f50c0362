import AppSettings
import ArgumentParser
import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Looks at everything that can be in the way.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check terminal, settings, files, key and endpoint; print a report that can be pasted.",
        discussion: """
            The report holds no key but its last four characters, and no home folder. The endpoint is asked for its models \
            and for one answer of a few tokens, which costs what it costs and is booked; --offline leaves that out.

            Exit status: 0 when nothing failed, else by what failed first: 78 settings, 74 files, 69 endpoint, 77 key.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "Send nothing: do not ask the endpoint.")
    var offline = false

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: TableFormat = .text

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let paths = Wiring.paths()
        var lines: [DoctorLine] = []
        func tell(_ line: DoctorLine) {
            let line = line.redacted(home: paths.home)
            lines.append(line)
            if output == .text { for text in line.text { Terminal.tell(text) } }
        }
        if output == .text { Terminal.say("\(Product.name) \(Product.version), \(Self.system)") }
        let files = DoctorFiles(global: global, paths: paths)
        let (settings, said) = files.settings()
        for line in DoctorTerminal(environment: environment, settings: settings ?? Settings()).lines() { tell(line) }
        for line in said + files.folders() + files.databases() { tell(line) }
        if let settings {
            tell(files.sandbox(settings))
            let endpoint = DoctorEndpoint(global: global, settings: settings, environment: environment)
            await endpoint.run(isOffline: offline, tell)
        } else {
            tell(DoctorLine("endpoint", "settings", .skipped, "the settings are to be put right first"))
        }
        let failed = lines.first { $0.outcome == .failed }
        if output == .json { Terminal.say(JSONWriter.string(report(lines))) }
        if let failed { throw ExitCode(failed.code) }
    }

    private func report(_ lines: [DoctorLine]) -> JSONValue {
        func count(_ outcome: DoctorLine.Outcome) -> JSONValue { .int(lines.count { $0.outcome == outcome }) }
        return .object([
            JSONMember("version", .string(Product.version)), JSONMember("system", .string(Self.system)),
            JSONMember("ok", count(.ok)), JSONMember("warnings", count(.warning)), JSONMember("failed", count(.failed)),
            JSONMember("checks", .array(lines.map(\.json))),
        ])
    }

    private static var system: String {
        #if os(Linux)
            let name = "Linux"
        #else
            let name = "macOS"
        #endif
        #if arch(x86_64)
            return name + " x86_64"
        #elseif arch(arm64)
            return name + " arm64"
        #else
            return name
        #endif
    }
}
