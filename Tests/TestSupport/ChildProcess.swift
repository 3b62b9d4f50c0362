import CTestSupport
public import Foundation

/// A program without a terminal, started by a test: what the tests use of `Foundation.Process`, under its names.
/// Foundation's own reads past the end of a folder entry when it looks for open descriptors, and crashes once in a while.
public final class ChildProcess: @unchecked Sendable {
    /// How a program ended.
    public enum TerminationReason: Sendable {
        case exit, uncaughtSignal
    }

    /// The program could not be started: the text says which.
    public struct Failure: Error, CustomStringConvertible {
        /// What cannot be started.
        public let description: String
    }

    /// The program.
    public var executableURL: URL?
    /// What follows its name.
    public var arguments: [String] = []
    /// Nil: that of the tests.
    public var environment: [String: String]?
    /// Nil: that of the tests.
    public var currentDirectoryURL: URL?
    /// A `Pipe`, a `FileHandle`, or nil for that of the tests.
    public var standardInput: Any?
    /// As for the input.
    public var standardOutput: Any?
    /// As for the input.
    public var standardError: Any?
    /// Its process id, once it runs.
    public private(set) var processIdentifier: Int32 = 0

    private let ended = NSCondition()
    private var result: Int32?
    // Foundation's null device has no descriptor of its own.
    private var nothing: Int32 = -1

    /// A program to be named and started.
    public init() {}

    /// Starts it. Throws when there is no such program.
    public func run() throws {
        guard let path = executableURL?.path, access(path, X_OK) == 0 else {
            throw Failure(description: "no program at \(executableURL?.path ?? "nil")")
        }
        nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nothing) }
        let descriptors = [
            inner(standardInput, isInput: true) ?? 0, inner(standardOutput, isInput: false) ?? 1,
            inner(standardError, isInput: false) ?? 2,
        ]
        let surroundings = environment ?? ProcessInfo.processInfo.environment
        let words = ([path] + arguments).map { strdup($0) }
        let settings = surroundings.map { strdup("\($0.key)=\($0.value)") }
        defer { (words + settings).forEach { free($0) } }
        processIdentifier = ts_start(path, words + [nil], settings + [nil], currentDirectoryURL?.path, descriptors)
        guard processIdentifier > 0 else { throw Failure(description: "\(path) cannot be started: \(errno)") }
        closeInnerEnds()
        watch(processIdentifier)
    }

    /// Waits for its end.
    public func waitUntilExit() {
        ended.lock()
        while result == nil { ended.wait() }
        ended.unlock()
    }

    /// Whether it has not ended.
    public var isRunning: Bool { ended.withLock { result == nil } }

    /// Its exit code, or the number of the signal that ended it. 0 before its end.
    public var terminationStatus: Int32 { ended.withLock { abs(result ?? 0) } }

    /// How it ended.
    public var terminationReason: TerminationReason { ended.withLock { (result ?? 0) < 0 ? .uncaughtSignal : .exit } }

    /// Sends it SIGTERM.
    public func terminate() { send(SIGTERM) }

    /// Sends it SIGINT.
    public func interrupt() { send(SIGINT) }

    // After its end the number may belong to another process.
    private func send(_ signal: Int32) {
        ended.withLock { if result == nil { kill(processIdentifier, signal) } }
    }

    // Thread, not task: it blocks until the program ends. The signals are sent under the lock, and the number is given
    // back to the system (ts_wait) under it too.
    private func watch(_ child: pid_t) {
        Thread { [self] in
            ts_wait_end(child)
            ended.withLock {
                result = ts_wait(child)
                ended.broadcast()
            }
        }.start()
    }

    private func inner(_ stream: Any?, isInput: Bool) -> Int32? {
        if let pipe = stream as? Pipe {
            return (isInput ? pipe.fileHandleForReading : pipe.fileHandleForWriting).fileDescriptor
        }
        if let handle = stream as? FileHandle, handle === FileHandle.nullDevice { return nothing }
        return (stream as? FileHandle)?.fileDescriptor
    }

    private func closeInnerEnds() {
        try? (standardInput as? Pipe)?.fileHandleForReading.close()
        try? (standardOutput as? Pipe)?.fileHandleForWriting.close()
        if let errors = standardError as? Pipe, errors !== standardOutput as? Pipe {
            try? errors.fileHandleForWriting.close()
        }
    }
}
