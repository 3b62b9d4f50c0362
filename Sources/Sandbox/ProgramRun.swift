internal import CSpawn
import FunctionTools

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// One program from its start to its end, on the thread that runs it.
struct ProgramRun {
    private enum Pause {
        static let beforeKill = Duration.seconds(2)
        static let beforeKillWhenCancelled = Duration.milliseconds(500)
        /// After the program's end, for output that is still in the pipe.
        static let forOutput = Duration.milliseconds(200)
        /// After SIGKILL. What the kernel cannot end is left behind.
        static let afterKill = Duration.seconds(1)
        /// The system does not limit the processes of root: there it is for us to be quick.
        static let betweenLooks = Duration.milliseconds(geteuid() == 0 ? 20 : 100)
    }

    /// Why we end it.
    private enum Reason {
        case time
        case cancelled
        case limit(String)
    }

    private enum Phase {
        case running
        case asked
        case killed
        /// The program is gone; its output may not be.
        case ended
        case over
    }

    private let launch: Launch
    private let process: pid_t
    private let pipes: ProgramPipes
    private let stop: StopSignal
    private let begin: ContinuousClock.Instant
    private var report: ProgramReport
    private var output: OutputKeeper
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var fed = 0
    private var phase = Phase.running
    private var reason: Reason?
    /// When the present phase ends at the latest.
    private var deadline: ContinuousClock.Instant
    private var nextLook: ContinuousClock.Instant

    /// Runs a program to its end, tells its outcome, and only returns when nothing of it is left to be waited for.
    static func perform(_ launch: Launch, stop: StopSignal, tell: (CommandOutcome) -> Void) {
        guard let pipes = ProgramPipes(hasInput: launch.input != nil) else {
            return tell(CommandOutcome(end: .notStarted("no descriptors are left")))
        }
        stop.connect(pipes.wake.writing.number)
        defer { stop.connect(-1) }
        do throws(LaunchError) {
            var run = try ProgramRun(launch, pipes, stop)
            run.untilOver()
            let status = run.isLeftBehind ? nil : cs_wait(run.process)
            tell(run.outcome(status))
            if status == nil { _ = cs_wait(run.process) }
            // Orphaned by now. As the first process of a container we are the one to reap it; elsewhere this fails at once.
            if let first = run.report.root { _ = cs_wait(first) }
        } catch {
            tell(CommandOutcome(end: .notStarted(error.reason)))
        }
    }

    private init(_ launch: Launch, _ pipes: ProgramPipes, _ stop: StopSignal) throws(LaunchError) {
        begin = .now
        process = try launch.start(
            input: pipes.input.number, output: pipes.output.writing.number, report: pipes.report.writing.number)
        pipes.closeEndsOfProgram()
        (self.launch, self.pipes, self.stop) = (launch, pipes, stop)
        report = ProgramReport(from: launch.wrapper)
        output = OutputKeeper(limit: launch.limits.output)
        deadline = begin + launch.limits.time
        nextLook = begin + Pause.betweenLooks
    }

    private mutating func untilOver() {
        while phase != .over {
            waitForSomething()
            feed()
            report.read(pipes.report.reading)
            drain()
            advance(.now)
        }
    }

    // MARK: - Descriptors

    private func waitForSomething() {
        let due = phase == .running ? min(deadline, nextLook) : deadline
        let left = max(.zero, due - .now).components
        // Rounded up, so that the time has come when it wakes.
        let milliseconds = min(60_000, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
        var polled = [
            pollfd(fd: pipes.output.reading.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pipes.report.reading.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pipes.feed.number, events: Int16(POLLOUT), revents: 0),
            // Once it is known that we are to stop, the byte stays where it is.
            pollfd(fd: stop.isSet ? -1 : pipes.wake.reading.number, events: Int16(POLLIN), revents: 0),
        ]
        poll(&polled, nfds_t(polled.count), Int32(milliseconds))
    }

    private mutating func feed() {
        guard pipes.feed.number >= 0, let input = launch.input else { return }
        while fed < input.count {
            let count = input[fed...].withUnsafeBytes { write(pipes.feed.number, $0.baseAddress, $0.count) }
            if count > 0 { fed += count; continue }
            if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
            break
        }
        pipes.feed.end()
    }

    /// Reads output, but not for ever: a fast program must not keep us from looking at the time.
    private mutating func drain() {
        let reading = pipes.output.reading
        for _ in 0..<16 where reading.number >= 0 {
            let count = buffer.withUnsafeMutableBytes { bytes -> Int in
                let count = read(reading.number, bytes.baseAddress, bytes.count)
                if count > 0 { output.append(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
                return count
            }
            if count > 0 { continue }
            if count == 0 || (errno != EAGAIN && errno != EINTR) { reading.end() }
            return
        }
    }

    // MARK: - Time and limits

    private mutating func advance(_ now: ContinuousClock.Instant) {
        switch phase {
        case .running, .asked, .killed: if report.hasEnded { return hasEnded(now) }
        case .ended: if pipes.output.reading.number < 0 || now >= deadline { phase = .over }
        case .over: break
        }
        switch phase {
        case .running:
            if stop.isSet {
                ask(.cancelled, Pause.beforeKillWhenCancelled)
            } else if now >= deadline {
                ask(.time, Pause.beforeKill)
            } else if now >= nextLook {
                look(now)
            }
        case .asked:
            if stop.isSet { deadline = min(deadline, now + Pause.beforeKillWhenCancelled) }
            if now >= deadline { end() }
        case .killed: if now >= deadline { phase = .over }
        case .ended, .over: break
        }
    }

    private mutating func hasEnded(_ now: ContinuousClock.Instant) {
        // With bubblewrap nothing can be left.
        if launch.wrapper == .keeper {
            endTree()
            // It would wait for what we could not see.
            kill(process, SIGKILL)
        }
        phase = pipes.output.reading.number < 0 ? .over : .ended
        deadline = now + Pause.forOutput
    }

    /// Asks it to end, the way an orderly program can end by itself. A stopped one is to hear of it, too.
    private mutating func ask(_ reason: Reason, _ patience: Duration) {
        self.reason = reason
        phase = .asked
        deadline = .now + patience
        guard let root = launch.wrapper == .keeper ? process : report.root else { return end() }
        let tree = ProcessTree(root: root)
        tree.send(SIGTERM)
        tree.send(SIGCONT)
        if let program = report.program { kill(-program, SIGTERM) }
    }

    private mutating func end() {
        phase = .killed
        deadline = .now + Pause.afterKill
        switch launch.wrapper {
        case .keeper: endTree()
        case .bubblewrap:
            if let first = report.root {
                // With its first process the name space ends, and with that everyone in it. But that process has to get
                // its turn among all the others first; its group, which is most of them, starts nothing from now on.
                kill(first, SIGKILL)
                kill(-first, SIGKILL)
            } else {
                // Stopped, it starts nothing while we look.
                kill(process, SIGSTOP)
                ProcessTree(root: process).send(SIGKILL)
            }
            kill(process, SIGKILL)
        }
    }

    /// What the keeper has adopted, and the group of the program: all of it at once, and all there is on a system
    /// without a tree.
    private func endTree() {
        if let program = report.program { kill(-program, SIGKILL) }
        ProcessTree(root: process).end()
    }

    private mutating func look(_ now: ContinuousClock.Instant) {
        nextLook = now + Pause.betweenLooks
        guard let root = launch.wrapper == .keeper ? process : report.root else { return }
        let usage = ProcessTree(root: root).usage(most: launch.limits.processes + 1)
        if usage.tasks > launch.limits.processes {
            reason = .limit("more than \(launch.limits.processes) processes")
        } else if usage.resident > launch.limits.memory,
            let bytes = ProcessTree.proportionalBytes(of: usage.processes), bytes > launch.limits.memory
        {
            reason = .limit("more than \(Self.words(launch.limits.memory)) of memory")
        }
        if reason != nil { end() }
    }

    // MARK: - Outcome

    private var isLeftBehind: Bool { !report.hasEnded }

    private func outcome(_ status: Int32?) -> CommandOutcome {
        var outcome = CommandOutcome(end: ending(status), output: output.kept, duration: .now - begin)
        switch reason {
        case .limit(let limit): outcome.limit = limit
        case .time: outcome.limit = Self.words(launch.limits.time)
        case .cancelled: break
        case nil:
            if outcome.end == .signalled(SIGXCPU) { outcome.limit = "\(launch.limits.cpuSeconds) s of CPU" }
            if outcome.end == .signalled(SIGXFSZ) {
                outcome.limit = "a file of more than \(Self.words(launch.limits.fileSize))"
            }
        }
        if case .notStarted = outcome.end { outcome.output = KeptOutput() }
        return outcome
    }

    private func ending(_ status: Int32?) -> CommandOutcome.End {
        switch reason {
        case .time: return .timedOut
        case .cancelled: return .cancelled
        case .limit: return .signalled(SIGKILL)
        case nil: break
        }
        switch (launch.wrapper, report.status) {
        case (.keeper, let status?): return Self.ending(wait: status)
        case (.keeper, nil): return .signalled(SIGKILL)
        case (.bubblewrap, let code?): return (129..<160).contains(code) ? .signalled(code - 128) : .exited(code)
        case (.bubblewrap, nil):
            if let status, case .signalled(let signal) = Self.ending(wait: status) { return .signalled(signal) }
            let words = output.kept.text(limit: 400).split(separator: "\n").joined(separator: "; ")
            return .notStarted("the sandbox could not be made: \(words)")
        }
    }

    private static func ending(wait status: Int32) -> CommandOutcome.End {
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    /// `3 s`, `0.4 s`.
    private static func words(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { return "\(seconds) s" }
        var digits = String(String(1000 + milliseconds).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(seconds).\(digits) s"
    }

    private static func words(_ bytes: Int) -> String {
        let units: [(size: Int, name: String)] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        for unit in units where bytes >= unit.size && bytes.isMultiple(of: unit.size) {
            return "\(bytes / unit.size) \(unit.name)"
        }
        return "\(bytes) bytes"
    }
}
