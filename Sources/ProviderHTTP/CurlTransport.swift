public import ProviderCore
import Synchronization

/// HTTP over libcurl: HTTP/1.1, and HTTP/2 over TLS, with connections kept for later requests.
///
/// One thread per transport moves all bytes; it starts with the first request and ends when the transport and the
/// bodies it gave out are gone. An idle transport costs nothing. Follows no redirects, always verifies certificates,
/// and uses the proxies and the trust store that the environment names; loopback hosts are reached directly.
///
/// Compressed answers (gzip, deflate) are asked for and decoded, unless the request names its own `Accept-Encoding`:
/// then the body comes as it was sent. A request that has a body is never sent twice on its own.
///
/// An answer without length or chunks ends with the connection. Over TLS libcurl does not tell whether the server said
/// goodbye before, so whoever reads such an answer has to know its end from the answer itself.
///
/// Made for 1,000 streams at once: each is a connection and so an open file, and many systems allow a process only 256
/// or 1,024. The first request therefore raises the process's soft limit (`ulimit -n`) towards its hard one, to 65,536 at
/// most and never down. When it still does not suffice, requests fail with kind `connect` and words that say so.
public final class CurlTransport: HTTPTransport {
    private let environment: TransportEnvironment
    private let style: LoopStyle
    private let loop = Mutex<LoopHandle?>(nil)

    /// A transport that obeys `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` (either case), `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR`.
    ///
    /// - Parameter environment: where these variables are looked up; nil = the environment of this process, read now.
    public convenience init(environment: [String: String]? = nil) {
        self.init(environment: environment, style: .best)
    }

    init(environment: [String: String]?, style: LoopStyle) {
        self.environment = environment.map(TransportEnvironment.init) ?? .ofProcess()
        self.style = style
    }

    /// Sends the request and returns when the answer's headers are in.
    ///
    /// Throws `TransportError`, and `CancellationError` when the task was cancelled; then the connection is closed.
    public nonisolated(nonsending) func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        // Made before the wait, so that every way out of it closes the connection.
        let body = try start(request)
        let head = try await body.exchange.head()
        return HTTPResponse(status: head.status, headers: head.headers, body: body)
    }

    /// Apart from `send`, whose frame stays in memory as long as the task that reads the answer.
    @inline(never)
    private func start(_ request: HTTPRequest) throws(TransportError) -> CurlBody {
        let prepared = try PreparedRequest(request, environment: environment)
        let handle = try runningLoop()
        let body = CurlBody(exchange: Exchange(inbox: handle.inbox), handle: handle)
        handle.inbox.post(.start(body.exchange, prepared))
        return body
    }

    private func runningLoop() throws(TransportError) -> LoopHandle {
        let outcome = loop.withLock { loop -> Result<LoopHandle, TransportError> in
            if let running = loop { return .success(running) }
            do throws(TransportError) {
                let handle = try LoopHandle(style: style)
                loop = handle
                return .success(handle)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}

/// The bytes of one answer.
final class CurlBody: HTTPBody {
    let exchange: Exchange
    /// Keeps the loop's thread alive.
    private let handle: LoopHandle

    init(exchange: Exchange, handle: LoopHandle) {
        self.exchange = exchange
        self.handle = handle
    }

    deinit { exchange.cancel() }

    nonisolated(nonsending) func read() async throws -> [UInt8]? {
        try await exchange.read()
    }

    func noteEvent() { exchange.noteEvent() }
}
