import AppUI
import ArgumentParser
import ProviderCore
import Sandbox
import TerminalCurses
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The command line's root.
struct Tickertape: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tickertape",
        abstract: "A terminal instrument for OpenAI-compatible language models.",
        discussion: """
            Without a command it opens the workspace: prompt, streaming output, tool trace, parameters and a live \
            token and cost meter. Without a key it opens on the built-in simulator (DEMO).

            Its keys: \(KeyTable.mostUsed())

            Everywhere: --demo (the simulator), --profile NAME (an endpoint of the settings file), --config FILE, \
            --color WHEN, --log-file FILE, --log-level LEVEL.

            Examples:
              tickertape --demo
              git diff | tickertape ask -s "Write a commit message." -m gpt-5.4-mini
            """,
        version: "\(Product.name) \(Product.version)",
        subcommands: [
            WorkspaceCommand.self, AskCommand.self, TokensCommand.self, ModelsCommand.self, ConfigCommand.self,
            UsageCommand.self, ThemesCommand.self, SimulateCommand.self, DoctorCommand.self, CompletionCommand.self,
            KeysCommand.self, BenchCommand.self,
        ],
        defaultSubcommand: WorkspaceCommand.self)
}

/// Where the process begins. Parsing happens before anything else, so that `--help` and `--version` work anywhere.
///
/// Not asynchronous: commands run on worker threads of our own, so that an idle workspace never wakes.
@main
enum Entry {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        umask(0o077)
        Sandbox.hardenProcess()
        CursesTerminal.handleCrashes()
        EndingSignals.block()
        let workers = WorkerThreads(count: 2)
        Task(executorPreference: workers) {
            await run(workers)
            endProcess(0)
        }
        while true { pause() }
    }

    private static func run(_ workers: WorkerThreads) async {
        do {
            let names = Set(Tickertape.configuration.subcommands.compactMap { $0.configuration.commandName })
            let arguments = GlobalOptions.behindCommand(Array(CommandLine.arguments.dropFirst()), commands: names)
            var command = try Tickertape.parseAsRoot(arguments)
            if let workspace = command as? WorkspaceCommand {
                try await workspace.run(on: workers)
                return
            }
            let signals = EndingSignals()
            if let endable = command as? any EndableCommand {
                try await endable.run(until: signals)
            } else if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Terminal.complain(failure.message)
            endProcess(failure.code)
        } catch {
            Tickertape.exit(withError: error)
        }
    }
}
