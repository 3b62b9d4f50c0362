import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A server on 127.0.0.1 that speaks OpenAI's protocol and plays scenarios.
///
/// It answers `POST /v1/chat/completions`, `POST /v1/responses`, `GET` and `DELETE /v1/responses/{id}`,
/// `POST /v1/responses/{id}/cancel`, `GET /v1/models` and `GET /v1/models/{id}`, and the same below `/openai/v1`; of
/// Azure's older paths `POST /openai/deployments/{name}/chat/completions` and `GET /openai/models`. It can be reached from
/// this machine only. Stop it with `stop()`; a server that is merely let go keeps running.
public final class SimulatorServer: Sendable {
    /// The port it listens on.
    public let port: Int
    /// `http://127.0.0.1:PORT/v1`.
    public var baseURL: String { "http://127.0.0.1:\(port)/v1" }
    /// The requests received so far, oldest first: at most the last 256, fewer when their bodies are large.
    public var requests: [RecordedRequest] { log.all }
    /// The number of open connections.
    public var openConnections: Int { connections.value }

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let log: RequestLog
    private let connections: ConnectionCount
    private let isStopped = Atomic(false)

    private init(
        group: MultiThreadedEventLoopGroup, channel: any Channel, port: Int, log: RequestLog,
        connections: ConnectionCount
    ) {
        self.group = group
        self.channel = channel
        self.port = port
        self.log = log
        self.connections = connections
    }

    /// Starts a server. When this returns, it accepts connections.
    ///
    /// - Parameters:
    ///   - port: 0 to 65535; 0 takes any free port.
    ///   - scenarios: what it plays, tried in order.
    ///   - eventLoopThreads: the threads that serve connections, at least 1.
    ///   - onRequest: told of each request before it is answered, in the order of their numbers; has to return soon.
    /// - Throws: `SimulatorError` when the port cannot be had.
    public static func start(
        port: Int = 0, scenarios: ScenarioSet, eventLoopThreads: Int = 1,
        onRequest: (@Sendable (RecordedRequest) -> Void)? = nil
    ) async throws -> SimulatorServer {
        try await start(
            port: port, scenarios: scenarios, threads: eventLoopThreads, limits: ServerLimits(), onRequest: onRequest)
    }

    static func start(
        port: Int = 0, scenarios: ScenarioSet, threads: Int = 1, limits: ServerLimits,
        onRequest: (@Sendable (RecordedRequest) -> Void)? = nil
    ) async throws -> SimulatorServer {
        guard (0...65_535).contains(port) else {
            throw SimulatorError(message: "port \(port) is not a port: it must be 0 to 65535")
        }
        let log = RequestLog(limit: limits.loggedRequests, byteLimit: limits.loggedBytes, onRequest: onRequest)
        let director = Director(scenarios, log: log, limits: limits)
        let connections = ConnectionCount()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, threads))
        do {
            let bootstrap = bootstrap(group, director, limits, connections)
            let channel = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
            return SimulatorServer(
                group: group, channel: channel, port: channel.localAddress?.port ?? port, log: log,
                connections: connections)
        } catch {
            try? await group.shutdownGracefully()
            throw SimulatorError(error, port: port)
        }
    }

    private static func bootstrap(
        _ group: MultiThreadedEventLoopGroup, _ director: Director, _ limits: ServerLimits,
        _ connections: ConnectionCount
    ) -> ServerBootstrap {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.headerBytes
        decoding.maxHeaderListSize = limits.headerListBytes
        decoding.maxHeaderFieldCount = limits.headerCount
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [decoding] channel in
                channel.eventLoop.makeCompletedFuture {
                    let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoding)
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder))
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectionHandler(director, limits: limits, connections: connections))
                }
            }
    }

    /// Waits for the request of this number in order of arrival, from 1.
    ///
    /// - Returns: nil if it is no longer kept, or when the server stops or the task is cancelled before it arrives.
    public func request(number: Int) async -> RecordedRequest? {
        await log.request(number)
    }

    /// Waits until the answer to the request of this number has ended.
    ///
    /// - Returns: nil if that is no longer known, or when the server stops or the task is cancelled first.
    public func ending(ofRequest number: Int) async -> AnswerEnding? {
        await log.ending(number)
    }

    /// Closes all connections and the port. Further calls return at once.
    public func stop() async {
        // The event loops take no second order to shut down: waiting for its end would never end.
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        try? await channel.close().get()
        try? await group.shutdownGracefully()
        log.close()
    }
}

/// Why a simulator could not be started.
public struct SimulatorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened and what to do.
    public var message: String
    /// The message.
    public var description: String { message }

    /// An error with a message.
    public init(message: String) {
        self.message = message
    }

    init(_ error: any Error, port: Int) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            message = "port \(port) is in use; choose another, or 0 for any free port"
        case EACCES:
            message = "port \(port) may not be used by this user; choose one above 1023, or 0 for any free port"
        default:
            message = "the simulator cannot listen on port \(port): \(error)"
        }
    }
}
