import ArgumentParser
import ProviderCore
import Simulator

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The loopback simulator as a server of its own.
struct SimulateCommand: AsyncParsableCommand, EndableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Run the loopback simulator as a server, until a signal ends it.",
        discussion: "Binds 127.0.0.1 only. The first line on standard output names the base URL.")

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: ArgumentHelp("The port; 0 takes any free one.", valueName: "n"))
    var port: Int = 0

    @Option(
        name: .long, help: ArgumentHelp("A scenario file to play before the built-in ones.", valueName: "file"),
        completion: .file())
    var scenario: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Append each request to this file as a line of JSON, before it is answered.", valueName: "file"),
        completion: .file())
    var requestLog: String?

    func run() async throws { try await run(until: EndingSignals()) }

    func run(until signals: EndingSignals) async throws {
        guard (0...65535).contains(port) else {
            throw Failure("--port takes a number from 0 to 65535, not \(port)", code: Exit.usage)
        }
        let scenarios = try loadScenarios()
        let log = try requestLog.map { try RequestLogFile($0) }
        let server: SimulatorServer
        do {
            server = try await SimulatorServer.start(port: port, scenarios: scenarios, onRequest: log.map { $0.add })
        } catch {
            throw Failure("\(error)", code: Exit.unusableEndpoint)
        }
        Terminal.say("listening on \(server.baseURL)")
        await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
            signals.onSignal { ended.resume() }
        }
        await server.stop()
        if let signal = signals.received { dieBySignal(signal) }
    }

    private func loadScenarios() throws -> ScenarioSet {
        do {
            let builtIn = try ScenarioSet.builtIn()
            guard let path = scenario else { return builtIn }
            let text = String(decoding: try InputFile.read(path, limit: 64 << 20), as: UTF8.self)
            return builtIn.adding(try ScenarioSet(parsing: text, file: path))
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure("\(error)", code: Exit.inputFile)
        }
    }
}

/// The requests that a simulator got, a line of JSON each.
private final class RequestLogFile: Sendable {
    private let descriptor: Int32

    /// Opens a file to append to. Throws a failure.
    init(_ path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure("\(path) cannot be written: \(String(cString: strerror(errno)))", code: Exit.storage)
        }
    }

    deinit { close(descriptor) }

    /// Appends a request: each line by one call, so that none is torn.
    func add(_ request: RecordedRequest) {
        let line = JSONValue.object([
            JSONMember("number", .int(request.number)), JSONMember("method", .string(request.method)),
            JSONMember("path", .string(request.path)),
            JSONMember("scenario", request.scenario.map { .string($0) } ?? .null),
            JSONMember("body", (try? JSONParser.parse(request.body)) ?? .string(request.body)),
        ])
        _ = Terminal.write(Array((JSONWriter.string(line) + "\n").utf8), to: descriptor)
    }
}
