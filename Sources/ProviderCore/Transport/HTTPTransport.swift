/// One header line.
public struct HTTPHeader: Sendable, Hashable {
    /// The name; compared without regard to case.
    public var name: String
    /// The value.
    public var value: String

    /// A header.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Time limits of one exchange. Nil = no limit.
public struct HTTPTimeouts: Sendable, Hashable {
    /// Name look-up, connection and TLS together.
    public var connect: Duration?
    /// From sending the request to the end of the answer's headers.
    public var firstByte: Duration?
    /// Longest silence between two bytes of the body.
    public var stall: Duration?
    /// Longest time without a complete event of a streamed answer.
    public var event: Duration?
    /// The whole exchange.
    public var total: Duration?

    /// Limits; the defaults are 10 s, 120 s, 60 s, 300 s and 30 min.
    public init(
        connect: Duration? = .seconds(10), firstByte: Duration? = .seconds(120), stall: Duration? = .seconds(60),
        event: Duration? = .seconds(300), total: Duration? = .seconds(1800)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.stall = stall
        self.event = event
        self.total = total
    }
}

/// Size limits of one exchange, after decoding.
public struct HTTPLimits: Sendable, Hashable {
    /// All headers together, in bytes.
    public var headerBytes: Int
    /// Header fields.
    public var headerFields: Int
    /// The whole body, in bytes.
    public var bodyBytes: Int

    /// Limits; the defaults are 64 KiB, 100 fields and 64 MiB.
    public init(headerBytes: Int = 64 << 10, headerFields: Int = 100, bodyBytes: Int = 64 << 20) {
        self.headerBytes = headerBytes
        self.headerFields = headerFields
        self.bodyBytes = bodyBytes
    }
}

/// What is sent.
public struct HTTPRequest: Sendable {
    /// The method, upper case.
    public var method: String
    /// Absolute http or https URL.
    public var url: String
    /// Headers in order. Control characters in a value are an error of the transport, not sent.
    public var headers: [HTTPHeader]
    /// The body; nil = none.
    public var body: [UInt8]?
    /// Time limits.
    public var timeouts: HTTPTimeouts
    /// Size limits.
    public var limits: HTTPLimits

    /// A request.
    public init(
        method: String, url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil,
        timeouts: HTTPTimeouts = HTTPTimeouts(), limits: HTTPLimits = HTTPLimits()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.limits = limits
    }
}

/// The answer: status and headers are in, the body is still to be read.
public struct HTTPResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The headers in order, names in lower case.
    public var headers: [HTTPHeader]
    /// The body.
    public var body: any HTTPBody
    /// When the request was sent, where the transport knows it better than its caller.
    public var sent: ContinuousClock.Instant?
    /// When the headers came, where the transport knows it better than its caller.
    public var headersCame: ContinuousClock.Instant?

    /// An answer.
    public init(status: Int, headers: [HTTPHeader], body: any HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of this name (lower case).
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

/// The bytes of an answer, pulled by one reader.
///
/// Dropping the last reference closes the connection. To fake one: return slices from an array.
public protocol HTTPBody: AnyObject, Sendable {
    /// All bytes that have arrived since the last call, at least one, waiting if there are none; nil at the end.
    ///
    /// Throws `TransportError` when the connection fails and `CancellationError` when the reading task is cancelled,
    /// which also closes the connection. The body pauses the network while unread bytes pile up.
    ///
    /// Runs where its caller runs, since it is called for every piece of every stream.
    nonisolated(nonsending) func read() async throws -> [UInt8]?

    /// The reader completed an event; restarts the limit `HTTPTimeouts.event`. Once for each `read` that brought any is
    /// enough. Does nothing by default.
    func noteEvent()
}

extension HTTPBody {
    /// Does nothing: bodies that know no time need no note.
    public func noteEvent() {}

    /// The whole body, at most `limit` bytes; whatever is beyond is dropped and the connection closed.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit, let slice = try await read() { bytes += slice }
        return Array(bytes.prefix(limit))
    }
}

/// Performs HTTP exchanges.
///
/// To write one: follow no redirects (a 3xx is the answer), send no header of its own beyond `Host`, `Content-Length`
/// and `Accept-Encoding`, decode gzip and deflate when it asks for them, count the limits on decoded bytes, and verify certificates. To fake one: see
/// `ScriptedTransport` in the tests.
public protocol HTTPTransport: Sendable {
    /// Sends the request and returns when the answer's headers are in. Throws `TransportError`, and `CancellationError`
    /// when the task was cancelled; then the connection is closed.
    ///
    /// Runs where its caller runs.
    nonisolated(nonsending) func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

/// Why an exchange failed below HTTP.
public struct TransportError: Error, Sendable, Hashable {
    /// What failed.
    public enum Kind: Sendable, Hashable {
        /// The URL, a header or the method cannot be sent.
        case invalidRequest
        /// The host's name is unknown.
        case nameLookup
        /// No connection: refused, unreachable.
        case connect
        /// The certificate or the TLS handshake.
        case tls
        /// The proxy refused or is unknown.
        case proxy
        /// The connection was lost after the request began to leave.
        case lost
        /// A time limit passed; `timeLimit` of the error names which.
        case timeout
        /// A size limit passed.
        case tooLarge
        /// The bytes are not HTTP, or their encoding is broken.
        case malformed
    }

    /// How far an exchange had come.
    public enum Progress: Sendable, Hashable {
        /// Nothing of the request left: it ended in name look-up, connection, TLS or at a proxy. Sending it again is
        /// safe.
        case notSent
        /// Bytes of the request left, and no answer's head came: it may have been executed, and billed.
        case sent
        /// The head of the answer came.
        case answering
    }

    /// A limit of `HTTPTimeouts`.
    public enum TimeLimit: Sendable, Hashable {
        /// `HTTPTimeouts.connect`.
        case connect
        /// `HTTPTimeouts.firstByte`.
        case firstByte
        /// `HTTPTimeouts.stall`.
        case stall
        /// `HTTPTimeouts.event`.
        case event
        /// `HTTPTimeouts.total`.
        case total
    }

    /// What failed.
    public var kind: Kind
    /// The cause in plain words, one line, no secret.
    public var message: String
    /// How far the exchange had come.
    public var progress: Progress
    /// Which time limit passed; nil unless `kind` is `timeout`.
    public var timeLimit: TimeLimit?

    /// Whether any byte of the request may have reached the server: then it may have been executed, and billed.
    public var requestMayHaveBeenSent: Bool { progress != .notSent }

    /// A failure.
    public init(_ kind: Kind, _ message: String, progress: Progress = .notSent, timeLimit: TimeLimit? = nil) {
        self.kind = kind
        self.message = message
        self.progress = progress
        self.timeLimit = timeLimit
    }

    /// A failure of which only this is known: whether any byte of the request may have reached the server.
    public init(_ kind: Kind, _ message: String, requestMayHaveBeenSent: Bool) {
        self.init(kind, message, progress: requestMayHaveBeenSent ? .sent : .notSent)
    }
}
