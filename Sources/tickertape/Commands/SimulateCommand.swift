import ArgumentParser
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

    func run() async throws { try await run(until: EndingSignals()) }

    func run(until signals: EndingSignals) async throws {
        guard (0...65535).contains(port) else {
            throw Failure("--port takes a number from 0 to 65535, not \(port)", code: Exit.usage)
        }
        let scenarios = try loadScenarios()
        let server: SimulatorServer
        do {
            server = try await SimulatorServer.start(port: port, scenarios: scenarios)
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
