internal import CSpawn
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A program of the person's own choosing, run as a shell would run it, without any sandbox: an editor, a pager, a tool of
/// the clipboard. Never one that a model or a file of the working folder names.
public struct HostProgram: Sendable {
    /// How it ended.
    public enum End: Sendable, Hashable {
        /// By itself, with this code.
        case exited(Int32)
        /// By this signal.
        case signalled(Int32)
        /// It never began, and why.
        case notStarted(String)
        /// It was ended because it took too long.
        case tookTooLong
    }

    private let arguments: [String]
    private let environment: [String]

    /// A program with its arguments, no shell between. Nil when it is not found: a name without a slash is looked for in
    /// the folders of `PATH`.
    public init?(_ words: [String], environment: [String: String]) {
        guard let name = words.first, let path = Self.path(of: name, environment) else { return nil }
        guard !words.contains(where: { $0.utf8.contains(0) }) else { return nil }
        arguments = [path] + words.dropFirst()
        self.environment = environment.map { "\($0.key)=\($0.value)" }
    }

    private static func path(of name: String, _ environment: [String: String]) -> String? {
        if name.contains("/") { return Files.isProgram(name) ? name : nil }
        let folders = environment["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/bin:/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(name)" }.first(where: Files.isProgram)
    }

    /// Runs it with the terminal as its input and output, in our session and process group, so that job control reaches
    /// both. The caller has given the terminal back. Cancelling the task hangs it up. Where there is no terminal it is not
    /// started, or, with `orHere`, gets the standard streams of this process.
    public func runInTerminal(orHere: Bool = false) async -> End {
        let child = Child()
        return await withTaskCancellationHandler {
            await onThread { [self] in
                let terminal = Descriptor(open("/dev/tty", O_RDWR | O_CLOEXEC))
                let hasTerminal = terminal.number >= 0
                guard hasTerminal || orHere else { return .notStarted("there is no terminal for it") }
                let ends = hasTerminal ? [terminal.number, terminal.number, terminal.number] : [0, 1, 2]
                if let problem = start(child, ends, isForeground: true) { return .notStarted(problem) }
                return child.wait()
            }
        } onCancel: {
            child.signal(SIGHUP)
        }
    }

    /// Runs it with these bytes as its input and no output; ends it after `limit`.
    public func feed(_ bytes: [UInt8], within limit: Duration) async -> End {
        let child = Child()
        return await onThread { [self] in
            let nowhere = Descriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
            guard nowhere.number >= 0, let pipe = PipeEnds() else { return .notStarted("no descriptors are left") }
            let ends = [pipe.reading.number, nowhere.number, nowhere.number]
            if let problem = start(child, ends, isForeground: false) { return .notStarted(problem) }
            pipe.reading.end()
            let deadline = ContinuousClock.now + limit
            Self.write(bytes, to: pipe.writing, until: deadline)
            pipe.writing.end()
            return child.wait(until: deadline)
        }
    }

    private func onThread(_ body: @escaping @Sendable () -> End) async -> End {
        await withCheckedContinuation { continuation in
            let hasThread = NativeThread.start {
                // No handler of the program runs here, and a pipe that nobody reads is an error, not a signal.
                cs_block_signals()
                continuation.resume(returning: body())
            }
            if !hasThread { continuation.resume(returning: .notStarted("the system has no thread left for it")) }
        }
    }

    /// Nil when it runs, else why not.
    private func start(_ child: Child, _ descriptors: [Int32], isForeground: Bool) -> String? {
        var failure = cs_failure()
        let process = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                descriptors.withUnsafeBufferPointer { descriptors in
                    var program = cs_program()
                    program.path = UnsafePointer(arguments[0])
                    program.arguments = arguments
                    program.environment = environment
                    program.descriptors = descriptors.baseAddress
                    program.descriptor_count = Int32(descriptors.count)
                    program.is_foreground = isForeground
                    program.report = -1
                    return cs_spawn(&program, &failure)
                }
            }
        }
        guard process > 0 else { return String(cString: strerror(failure.number)) }
        child.started(process)
        return nil
    }

    private static func write(_ bytes: [UInt8], to pipe: Descriptor, until deadline: ContinuousClock.Instant) {
        cs_unblock(pipe.number)
        var sent = 0
        while sent < bytes.count, ContinuousClock.now < deadline {
            var ready = pollfd(fd: pipe.number, events: Int16(POLLOUT), revents: 0)
            guard poll(&ready, 1, 20) > 0 else { continue }
            let count = bytes[sent...].withUnsafeBytes {
                #if canImport(Glibc)
                    Glibc.write(pipe.number, $0.baseAddress, $0.count)
                #elseif canImport(Musl)
                    Musl.write(pipe.number, $0.baseAddress, $0.count)
                #else
                    Darwin.write(pipe.number, $0.baseAddress, $0.count)
                #endif
            }
            if count > 0 { sent += count } else if errno != EAGAIN && errno != EINTR { return }
        }
    }
}

/// A process of ours that may be signalled as long as it was not waited for: its number is not another's yet.
private final class Child: Sendable {
    private struct State {
        var process: pid_t?
        /// A signal that came before the process.
        var early: Int32?
    }

    private let state = Mutex(State())

    func started(_ process: pid_t) {
        state.withLock { state in
            state.process = process
            if let early = state.early { kill(process, early) }
        }
    }

    func signal(_ number: Int32) {
        state.withLock { state in
            if let process = state.process { kill(process, number) } else { state.early = number }
        }
    }

    /// Waits for its end, at most until `deadline`; then it is ended.
    func wait(until deadline: ContinuousClock.Instant? = nil) -> HostProgram.End {
        guard let process = state.withLock({ $0.process }) else { return .notStarted("it did not start") }
        var isLate = false
        if let deadline {
            while !hasEnded(process, options: WEXITED | WNOWAIT | WNOHANG) {
                if !isLate, ContinuousClock.now >= deadline {
                    isLate = true
                    kill(process, SIGKILL)
                }
                poll(nil, 0, 2)
            }
        } else {
            while !hasEnded(process, options: WEXITED | WNOWAIT) {}
        }
        state.withLock { $0.process = nil }
        let status = cs_wait(process)
        if isLate { return .tookTooLong }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    private func hasEnded(_ process: pid_t, options: Int32) -> Bool {
        var information = siginfo_t()
        guard waitid(P_PID, id_t(process), &information, options) == 0 else { return errno != EINTR }
        return information.si_signo != 0
    }
}
