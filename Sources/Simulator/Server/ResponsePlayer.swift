import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Plays one response on a connection, on that connection's event loop.
///
/// Each cue is due at a time after the start, so lateness of one does not delay the next. Cues that are due together
/// go out in one write. While the client does not read, nothing is made.
final class ResponsePlayer {
    /// How the body's end is marked.
    enum Framing {
        case chunked
        case length
        case close
        case none
    }

    private static let bytesPerTurn = 256 << 10
    private static let cuesPerTurn = 4_096

    private let context: ChannelHandlerContext
    private var response: Response
    private let framing: Framing
    private let closesAfterwards: Bool
    private let received = NIODeadline.now()
    private let start: NIODeadline
    private let onEnd: (AnswerEnding) -> Void
    private var buffer: ByteBuffer
    private var waiting: Cue?
    private var timer: Scheduled<Void>?
    private var headIsOut = false
    private var isTurning = false
    private var isOver = false
    /// Nothing more is sent, but the connection stays open until the client leaves.
    private var hangs = false
    private var cancellationKey: Int?

    init(
        _ response: Response, request: (isHTTP10: Bool, isHead: Bool, keepsAlive: Bool),
        context: ChannelHandlerContext, onEnd: @escaping (AnswerEnding) -> Void
    ) {
        self.response = response
        self.context = context
        self.onEnd = onEnd
        start = response.startedAt ?? received
        if request.isHead || response.status == 204 || response.status == 304 {
            framing = .none
        } else if response.bodyLength != nil {
            framing = .length
        } else {
            framing = request.isHTTP10 ? .close : .chunked
        }
        closesAfterwards = !request.keepsAlive || framing == .close
        buffer = context.channel.allocator.buffer(capacity: 4_096)
        watchCancellation()
    }

    /// Whether the connection is to be closed when the response has been sent.
    var closes: Bool { closesAfterwards }

    /// Sends what is due, as long as the client takes it.
    func turn() {
        guard !isTurning, !isOver, !hangs else { return }
        isTurning = true
        defer { isTurning = false }
        var cues = 0
        var bytes = 0
        while context.channel.isWritable {
            guard let cue = waiting ?? response.cues.next() else { return finish() }
            waiting = nil
            if wait(for: cue) { return flush() }
            if play(cue) { return }
            cues += 1
            bytes += cue.length
            if buffer.readableBytes > 64 << 10 { flush() }
            if cues >= Self.cuesPerTurn || bytes >= Self.bytesPerTurn {
                flush()
                return context.eventLoop.assumeIsolated().execute { self.turn() }
            }
        }
        flush()
    }

    /// Stops at once, without sending more.
    func abandon() {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        forgetCancellation()
        onEnd(.abandoned)
    }

    private func watchCancellation() {
        let eventLoop = context.eventLoop
        let player = NIOLoopBound(self, eventLoop: eventLoop)
        cancellationKey = response.cancellation?.onCancel {
            eventLoop.execute { player.value.stop() }
        }
    }

    private func forgetCancellation() {
        if let cancellationKey { response.cancellation?.forget(cancellationKey) }
    }

    /// Ends the response here, properly.
    private func stop() {
        guard !isOver else { return }
        timer?.cancel()
        finish()
    }

    /// Whether the cue lies in the future; then the timer brings it back.
    private func wait(for cue: Cue) -> Bool {
        guard cue.due > 0 else { return false }
        let deadline = start + .nanoseconds(cue.due)
        guard deadline > .now() else { return false }
        waiting = cue
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.turn() }
        return true
    }

    /// Plays a cue; true if nothing may follow it in this turn.
    private func play(_ cue: Cue) -> Bool {
        switch cue.action {
        case .headers:
            writeHead()
            flush()
        case .bytes(let bytes):
            write(bytes)
            if cue.isFlushed { flush() }
        case .hang:
            flush()
            hangs = true
            return true
        case .cut:
            end(.cut) { $0.close(promise: nil) }
            return true
        case .reset:
            end(.reset) { Self.reset($0) }
            return true
        }
        return false
    }

    private func write(_ bytes: [UInt8]) {
        writeHead()
        guard !bytes.isEmpty, framing != .none else { return }
        if framing == .chunked {
            buffer.writeString(String(bytes.count, radix: 16))
            buffer.writeStaticString("\r\n")
            buffer.writeBytes(bytes)
            buffer.writeStaticString("\r\n")
        } else {
            buffer.writeBytes(bytes)
        }
    }

    private func writeHead() {
        guard !headIsOut else { return }
        headIsOut = true
        buffer.writeString(
            "HTTP/1.1 \(response.status) \(response.reason ?? Response.reason(for: response.status))\r\n")
        for header in response.headers { buffer.writeString("\(header.name): \(header.value)\r\n") }
        let elapsed = (NIODeadline.now() - received).nanoseconds / 1_000_000
        buffer.writeString("openai-processing-ms: \(elapsed)\r\nServer: tickertape-simulator\r\n")
        if framing == .chunked { buffer.writeStaticString("Transfer-Encoding: chunked\r\n") }
        if framing == .length { buffer.writeString("Content-Length: \(response.bodyLength ?? 0)\r\n") }
        buffer.writeString(closesAfterwards ? "Connection: close\r\n\r\n" : "\r\n")
    }

    private func finish() {
        writeHead()
        if framing == .chunked { buffer.writeStaticString("0\r\n\r\n") }
        end(.finished) { _ in }
    }

    /// Ends the response once all of it is with the kernel, which a close would otherwise discard.
    private func end(_ ending: AnswerEnding, then action: @escaping (ChannelHandlerContext) -> Void) {
        guard !isOver else { return }
        isOver = true
        forgetCancellation()
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [context, onEnd] result in
            action(context)
            if case .success = result { onEnd(ending) } else { onEnd(.abandoned) }
        }
        context.writeAndFlush(NIOAny(buffer), promise: promise)
    }

    private func flush() {
        guard buffer.readableBytes > 0 else { return }
        context.writeAndFlush(NIOAny(buffer), promise: nil)
        buffer = context.channel.allocator.buffer(capacity: min(buffer.capacity, 128 << 10))
    }

    /// Closes with RST: a linger time of zero.
    private static func reset(_ context: ChannelHandlerContext) {
        if let options = context.channel as? any SocketOptionProvider {
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        }
        context.close(promise: nil)
    }
}

extension Cue {
    fileprivate var length: Int { if case .bytes(let bytes) = action { bytes.count } else { 0 } }
}
