import NIOCore
import NIOHTTP1
import Synchronization

/// One connection: takes requests, has them answered one after the other, and watches for the client's leaving.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private struct Incoming {
        var head: HTTPRequestHead
        var body: [UInt8] = []
    }

    private let director: Director
    private let limits: ServerLimits
    private let connections: ConnectionCount
    private var incoming: Incoming?
    private var ready: [Incoming] = []
    private var player: ResponsePlayer?
    private var playing: Int?
    private var timer: Scheduled<Void>?
    /// Nothing that still comes from the client matters.
    private var isClosing = false

    init(_ director: Director, limits: ServerLimits, connections: ConnectionCount) {
        self.director = director
        self.limits = limits
        self.connections = connections
    }

    func channelActive(context: ChannelHandlerContext) {
        if connections.open() > limits.connections { return context.close(promise: nil) }
        startTimer(limits.idleMilliseconds, context) { $0.closeIdle($1) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connections.close()
        timer?.cancel()
        isClosing = true
        ready = []
        player?.abandon()
        player = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): take(bytes, context)
        case .end: complete(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        player?.turn()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if player != nil || isClosing || !(error is HTTPParserError) { return context.close(promise: nil) }
        refuse(.malformed, context)
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        incoming = Incoming(head: head)
        startTimer(limits.requestMilliseconds, context) { $0.refuseLate($1) }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        if length > limits.bodyBytes { return refuse(.tooLarge(limit: limits.bodyBytes), context) }
        if player == nil, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
        }
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard let size = incoming?.body.count else { return }
        if size + bytes.readableBytes > limits.bodyBytes {
            return refuse(.tooLarge(limit: limits.bodyBytes), context)
        }
        incoming?.body.append(contentsOf: bytes.readableBytesView)
    }

    private func complete(_ context: ChannelHandlerContext) {
        guard let request = incoming else { return }
        incoming = nil
        timer?.cancel()
        guard ready.count < limits.pipelinedRequests else { return context.close(promise: nil) }
        ready.append(request)
        answerNext(context)
    }

    private func answerNext(_ context: ChannelHandlerContext) {
        guard player == nil, !isClosing, !ready.isEmpty else { return }
        let request = ready.removeFirst()
        let head = request.head
        let (number, response) = director.answer(
            WireRequest(
                method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) },
                body: request.body))
        playing = number
        let isHTTP10 = head.version == .http1_0
        play(response, (isHTTP10, head.method == .HEAD, head.isKeepAlive && !isHTTP10), context)
    }

    private func play(
        _ response: Response, _ request: (isHTTP10: Bool, isHead: Bool, keepsAlive: Bool),
        _ context: ChannelHandlerContext
    ) {
        let player = ResponsePlayer(response, request: request, context: context) { [weak self] ending in
            self?.ended(ending, context)
        }
        self.player = player
        player.turn()
    }

    private func ended(_ ending: AnswerEnding, _ context: ChannelHandlerContext) {
        if let playing { director.log.end(playing, ending) }
        playing = nil
        let closes = player?.closes == true
        player = nil
        guard ending == .finished, context.channel.isActive else { return }
        if closes { return linger(context) }
        if incoming == nil { startTimer(limits.idleMilliseconds, context) { $0.closeIdle($1) } }
        // Not at once, or a thousand requests sent ahead would nest a thousand calls.
        context.eventLoop.assumeIsolated().execute { self.answerNext(context) }
    }

    /// Answers with an error and takes nothing more from this client.
    private func refuse(_ problem: RequestProblem, _ context: ChannelHandlerContext) {
        isClosing = true
        incoming = nil
        ready = []
        if player != nil { return context.close(promise: nil) }
        play(Response(problem), (false, false, false), context)
    }

    /// Closes our side and gives the client time to read; closing both would reset what it is still sending.
    private func linger(_ context: ChannelHandlerContext) {
        isClosing = true
        context.close(mode: .output, promise: nil)
        startTimer(limits.lingerMilliseconds, context) { $1.close(promise: nil) }
    }

    private func refuseLate(_ context: ChannelHandlerContext) {
        if incoming != nil { refuse(.timedOut, context) }
    }

    private func closeIdle(_ context: ChannelHandlerContext) {
        if player == nil, incoming == nil { context.close(promise: nil) }
    }

    private func startTimer(
        _ milliseconds: Int64, _ context: ChannelHandlerContext,
        _ action: @escaping (ConnectionHandler, ChannelHandlerContext) -> Void
    ) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) { [weak self] in
            if let self { action(self, context) }
        }
    }
}

/// Counts the open connections of a server.
final class ConnectionCount: Sendable {
    private let count = Atomic(0)

    /// Counts one more and tells how many there are.
    func open() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
    func close() { count.wrappingSubtract(1, ordering: .relaxed) }
    var value: Int { count.load(ordering: .relaxed) }
}
