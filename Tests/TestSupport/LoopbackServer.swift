import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the server does after it has read a request.
public enum LoopbackStep: Sendable {
    /// Sends bytes.
    case send([UInt8])
    /// Sends bytes in pieces of the given size, each with a system call of its own.
    case pieces([UInt8], size: Int)
    /// Waits until the gate is opened.
    case wait(LoopbackGate)
    /// Sends this many bytes and notes each time the client stops taking them.
    case flood(Int)
    /// Sends bytes again and again, this many milliseconds apart, until the client closes the connection.
    case drip([UInt8], every: Int)
    /// Waits until the client has closed the connection.
    case awaitClose
    /// Closes the connection in good order.
    case close
    /// Resets the connection.
    case reset

    /// Sends text.
    public static func text(_ text: String) -> LoopbackStep {
        .send(Array(text.utf8))
    }
}

/// Lets a server go on when the test says so.
public struct LoopbackGate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    /// A closed gate.
    public init() {}

    /// Lets one waiting connection through.
    public func open() {
        semaphore.signal()
    }

    fileprivate func wait() {
        _ = semaphore.wait(timeout: .now() + .seconds(30))
    }
}

/// A raw server on 127.0.0.1 that reads requests and follows a script, one thread per connection.
public final class LoopbackServer: Sendable {
    /// Answers the request with a number (from 0, in order of arrival) by steps.
    public typealias Script = @Sendable (_ number: Int, _ request: LoopbackRequest) -> [LoopbackStep]

    /// The port it listens on.
    public let port: UInt16
    /// What has happened so far.
    public let journal = LoopbackJournal()
    private let listener: Int32

    /// The base URL, without a slash at the end.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Starts a server; nil if no socket can be had. It says `greeting` as soon as a client connects.
    public init?(greeting: String = "", _ script: @escaping Script) {
        guard let (descriptor, port) = listenOnLoopback() else { return nil }
        listener = descriptor
        self.port = port
        let journal = journal
        startThread { acceptAll(descriptor, journal, greeting, script) }
    }

    /// Stops taking connections; those that stand go on.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}

/// A port of 127.0.0.1 that takes connections and never says a word; the system takes them, so they cost no descriptor here.
public final class SilentServer: Sendable {
    /// The port it listens on.
    public let port: UInt16
    private let listener: Int32

    /// Starts to listen; nil if no socket can be had.
    public init?() {
        guard let (descriptor, port) = listenOnLoopback() else { return nil }
        listener = descriptor
        self.port = port
    }

    deinit { close(listener) }
}

/// A port of 127.0.0.1 on which nobody listens; nil if no socket can be had.
public func refusedLoopbackPort() -> UInt16? {
    guard let (descriptor, port) = listenOnLoopback() else { return nil }
    close(descriptor)
    return port
}

// MARK: Sockets

private func listenOnLoopback() -> (descriptor: Int32, port: UInt16)? {
    #if canImport(Glibc)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    #else
        let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isReady = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            bind(descriptor, generic, size) == 0 && listen(descriptor, 1024) == 0
                && getsockname(descriptor, generic, &size) == 0
        }
    }
    guard isReady else {
        close(descriptor)
        return nil
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
}

private func acceptAll(
    _ listener: Int32, _ journal: LoopbackJournal, _ greeting: String, _ script: @escaping LoopbackServer.Script
) {
    while true {
        let descriptor = accept(listener, nil, nil)
        if descriptor < 0 {
            if errno == EINTR || errno == ECONNABORTED { continue }
            break
        }
        // Else a program that a test starts keeps the connection open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        journal.note { $0.connections += 1 }
        startThread { LoopbackConnection(descriptor, journal).serve(greeting, script) }
    }
    close(listener)
}

private final class ThreadBody {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

private func startThread(_ run: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(ThreadBody(run))
    let code = withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { attributes -> Int32 in
        // There may be a thousand of them.
        guard let attributes = attributes.baseAddress, pthread_attr_init(attributes) == 0 else { return ENOMEM }
        defer { pthread_attr_destroy(attributes) }
        pthread_attr_setstacksize(attributes, 512 << 10)
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        return pthread_create(&thread, attributes, { enter($0) }, context.toOpaque())
    }
    if code != 0 { context.release() }
}

private func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

extension LoopbackStep {
    /// Blocks until the gate of a `wait` step is open.
    func waitIfGate() {
        if case .wait(let gate) = self { gate.wait() }
    }
}
