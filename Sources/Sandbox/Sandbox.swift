internal import CSpawn
public import FunctionTools

/// Runs the programs of tools in a sandbox made by bubblewrap (Linux), one thread for each, at most 16 at once.
///
/// A program there sees the file system read-only, without secrets and without most of the home folder; it has a /tmp
/// of its own, no network, no terminal, no variables but some harmless ones, its own process ids, and limits. When it
/// ends or is ended, everything that it started ends.
public struct Sandbox: CommandRunner {
    private let environment: [String: String]
    private let workingFolder: String
    private let hidden: [String]
    private let visible: [String]
    private let allowsUnsandboxed: Bool
    /// Put before bubblewrap's own command line, for tests; nil = do as if there were no bubblewrap.
    private let launcher: [String]?
    private let variables: ProgramEnvironment
    private let probe = BubblewrapProbe()
    private let threads = ProgramThreads()

    /// A runner.
    /// - Parameters:
    ///   - environment: Our variables. `PATH` and `HOME` tell where programs and secrets are; little else is passed on.
    ///   - workingFolder: Where programs start, an absolute path. They can read what is there.
    ///   - hidden: Files and folders that no program may read: those of our own configuration, data and keys.
    ///   - visible: Folders that programs can read although they lie in a folder that is hidden, or are one; of that
    ///     folder nothing else is shown, and what is hidden within them stays so.
    ///   - allowsUnsandboxed: Whether programs run even where there is no sandbox.
    public init(
        environment: [String: String], workingFolder: String, hidden: [String] = [], visible: [String] = [],
        allowsUnsandboxed: Bool = false
    ) {
        self.init(
            environment: environment, workingFolder: workingFolder, hidden: hidden, visible: visible,
            allowsUnsandboxed: allowsUnsandboxed, launcher: [])
    }

    init(
        environment: [String: String], workingFolder: String, hidden: [String], visible: [String] = [],
        allowsUnsandboxed: Bool, launcher: [String]?
    ) {
        self.environment = environment
        self.workingFolder = ResolvedPath.of(workingFolder)
        self.hidden = hidden
        self.visible = visible
        self.allowsUnsandboxed = allowsUnsandboxed
        self.launcher = launcher
        let home = environment["HOME"].flatMap { $0.isAbsolutePath ? ResolvedPath.of($0) : nil }
        variables = ProgramEnvironment(environment, home: home)
    }

    /// How programs are kept apart. The first look runs a trial program, which takes about 20 ms: not for the thread of
    /// a screen.
    public var isolation: Isolation {
        switch bubblewrap {
        case .works: .sandboxed(by: "bubblewrap")
        case .none(let reason): .none(because: reason)
        }
    }

    /// Runs a program to its end. Cancelling the task ends it: SIGTERM, and SIGKILL after half a second.
    public func run(_ command: Command) async -> CommandOutcome {
        let stop = StopSignal()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                threads.submit(
                    ProgramThreads.Job(stop) { start in
                        switch start {
                        case .now: perform(command, stop) { continuation.resume(returning: $0) }
                        case .cancelled: continuation.resume(returning: CommandOutcome(end: .cancelled))
                        case .noThread:
                            let reason = "the system has no thread left to run it on"
                            continuation.resume(returning: CommandOutcome(end: .notStarted(reason)))
                        }
                    })
            }
        } onCancel: {
            threads.cancel(stop)
        }
    }

    /// Makes this process one that programs of the same user cannot look into, and that leaves no core file. For the
    /// start of an executable: where it is not root, `/proc/self` then belongs to root.
    /// - Returns: False when the system refused.
    @discardableResult
    public static func hardenProcess() -> Bool { cs_harden() }

    private func perform(_ command: Command, _ stop: StopSignal, _ tell: (CommandOutcome) -> Void) {
        do throws(LaunchError) {
            ProgramRun.perform(try launch(command), stop: stop, tell: tell)
        } catch {
            tell(CommandOutcome(end: .notStarted(error.reason)))
        }
    }

    private var bubblewrap: BubblewrapProbe.Answer {
        probe.answer {
            guard launcher != nil else { return .none("bubblewrap is not to be used") }
            let found = Bubblewrap.find(in: variables.searchFolders, workingFolder: workingFolder)
            guard case .works(let bubblewrap) = found else { return found }
            return bubblewrap.tried { bubblewrap, program, limits in
                sandboxed(program, bubblewrap, plan(limits), nil, limits)
            }
        }
    }

    private func launch(_ command: Command) throws(LaunchError) -> Launch {
        guard let name = command.arguments.first, !name.isEmpty else {
            throw LaunchError(reason: "the command names no program")
        }
        guard Files.kind(of: workingFolder) == .folder else {
            throw LaunchError(reason: "the working folder \(workingFolder) is not there")
        }
        guard let path = variables.program(name, workingFolder: workingFolder) else {
            throw LaunchError(reason: variables.problem(of: name, workingFolder: workingFolder))
        }
        let arguments = [path] + command.arguments.dropFirst()
        switch bubblewrap {
        case .works(let bubblewrap):
            let plan = plan(command.limits)
            if plan.hides(path) {
                throw LaunchError(
                    reason: "\(name) is hidden in the sandbox; put it into the working folder or a folder of PATH")
            }
            guard plan.canHold(workingFolder: workingFolder) else {
                throw LaunchError(reason: "the working folder \(workingFolder) is in one that the sandbox hides")
            }
            return sandboxed(arguments, bubblewrap, plan, command.input, command.limits)
        case .none(let reason):
            guard allowsUnsandboxed else { throw LaunchError(reason: "there is no sandbox: \(reason)") }
            return Launch(
                arguments: arguments, environment: variables.variables, workingFolder: workingFolder, wrapper: .keeper,
                input: command.input, limits: command.limits)
        }
    }

    private func sandboxed(
        _ program: [String], _ bubblewrap: Bubblewrap, _ plan: MountPlan, _ input: [UInt8]?, _ limits: CommandLimits
    ) -> Launch {
        let arguments = bubblewrap.arguments(program, plan: plan, workingFolder: workingFolder, limits: limits)
        return Launch(
            arguments: (launcher ?? []) + arguments, environment: variables.variables, workingFolder: nil,
            wrapper: .bubblewrap,
            input: input, limits: limits)
    }

    private func plan(_ limits: CommandLimits) -> MountPlan {
        MountPlan(
            MountPlan.Places(
                workingFolder: workingFolder, home: environment["HOME"], searchFolders: variables.searchFolders,
                hidden: hidden, visible: visible, allowsNetwork: limits.allowsNetwork, temporarySize: limits.fileSize))
    }
}
