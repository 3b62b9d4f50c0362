import CCurl
import ProviderCore

/// The transfers that got bytes during one turn of the loop.
final class TurnLog {
    var touched: [Transfer] = []

    /// The transfers of this turn; the log is empty afterwards.
    func take() -> [Transfer] {
        guard !touched.isEmpty else { return [] }
        let taken = touched
        touched = []
        return taken
    }
}

/// One exchange on the loop's thread: libcurl's handle and what its callbacks fill. Never leaves that thread.
final class Transfer {
    /// Body bytes after which the reader is woken within a turn: one turn of libcurl's can bring megabytes.
    static let sliceBytes = 64 << 10

    let easy: UnsafeMutableRawPointer
    let exchange: Exchange
    let prepared: PreparedRequest
    /// libcurl's own words on a failure.
    let detail = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// Header lines handed to libcurl; freed with the handle.
    var headerList: UnsafeMutablePointer<curl_slist>?

    /// Body bytes of this turn.
    var incoming: [UInt8] = []
    /// Body bytes of all turns, decoded.
    private(set) var received = 0
    private(set) var headerBytes = 0
    private(set) var collector = HeadCollector()
    /// Whether the connection stood and the request began to leave.
    private(set) var wasSent = false
    /// Why a callback stopped the transfer.
    private(set) var failure: TransportError?
    /// libcurl's verdict, when it is done.
    var result: CURLcode?
    /// Whether the reader has more than enough to read.
    private(set) var isFull = false
    /// Whether libcurl was told to leave the network alone.
    var isPaused = false
    var isTouched = false

    /// When the transfer was started.
    let startedAt: ContinuousClock.Instant
    /// When the request began to leave.
    var sentAt: ContinuousClock.Instant?
    /// When the network last brought something, or was resumed.
    var activeAt: ContinuousClock.Instant

    private let log: TurnLog
    private var headWasDelivered = false
    private var uploaded = 0
    /// Bytes of the last turn: the next one probably brings as many.
    private var expected = 0

    init?(exchange: Exchange, prepared: PreparedRequest, log: TurnLog) {
        guard let easy = curl_easy_init() else {
            detail.deallocate()
            return nil
        }
        self.easy = easy
        self.exchange = exchange
        self.prepared = prepared
        self.log = log
        startedAt = .now
        activeAt = startedAt
        detail.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        detail.deallocate()
    }

    /// The transfer a callback's context stands for; the loop holds it as long as the handle is in use.
    static func from(_ context: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Hands what came in to the reader.
    func deliver() {
        expected = min(incoming.count, Self.sliceBytes)
        let head = headWasDelivered ? nil : collector.head
        headWasDelivered = collector.head != nil
        // Nothing to read, nobody to wake.
        guard head != nil || !incoming.isEmpty else { return }
        if exchange.deliver(head, &incoming) { isFull = true }
    }

    /// The reader has caught up; true = libcurl must be told.
    func resume() -> Bool {
        let wasPaused = isPaused
        isFull = false
        isPaused = false
        return wasPaused
    }

    /// Has the loop look at this transfer at the end of the turn.
    func touch() {
        guard !isTouched else { return }
        isTouched = true
        log.touched.append(self)
    }
}

// MARK: What libcurl's callbacks call

extension Transfer {
    /// The connection stands; the request leaves next.
    func requestLeaves() {
        wasSent = true
        uploaded = 0
        touch()
    }

    /// Takes body bytes; returns what libcurl's write callback has to return.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard !isFull else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        touch()
        if incoming.isEmpty { incoming.reserveCapacity(max(expected, bytes.count)) }
        let limit = prepared.request.limits.bodyBytes
        guard bytes.count <= limit - received else {
            incoming.append(contentsOf: bytes.prefix(max(0, limit - received)))
            failure = TransportError(
                .tooLarge, "the answer's body is larger than \(limit) bytes", requestMayHaveBeenSent: true)
            return 0
        }
        incoming.append(contentsOf: bytes)
        received += bytes.count
        if incoming.count >= Self.sliceBytes { deliver() }
        return bytes.count
    }

    /// Takes one header line; false = stop.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        touch()
        headerBytes += line.count
        let limit = prepared.request.limits.headerBytes
        guard headerBytes <= limit else {
            failure = TransportError(
                .tooLarge, "the answer's headers are larger than \(limit) bytes", requestMayHaveBeenSent: true)
            return false
        }
        collector.add(line, status: ccurl_get_long(easy, CURLINFO_RESPONSE_CODE))
        return true
    }

    /// Copies the next bytes of the request's body; 0 = all are out.
    func giveBody(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let body = prepared.request.body ?? []
        let count = min(room.count, body.count - uploaded)
        guard count > 0 else { return 0 }
        room.copyBytes(from: body[uploaded..<uploaded + count])
        uploaded += count
        return count
    }
}

// MARK: Time limits

extension Transfer {
    /// A time limit that the loop watches; that of the connection is libcurl's.
    enum TimedPhase {
        case whole
        case firstByte
        case stall
    }

    /// The time limit that is due first; nil = none runs.
    var nextLimit: (at: ContinuousClock.Instant, phase: TimedPhase)? {
        let timeouts = prepared.request.timeouts
        var next: (at: ContinuousClock.Instant, phase: TimedPhase)?
        if let limit = timeouts.total { next = (startedAt.advanced(by: limit), .whole) }
        guard !isPaused else { return next }
        var silence: (at: ContinuousClock.Instant, phase: TimedPhase)?
        if headerBytes > 0 {
            if let limit = timeouts.stall { silence = (activeAt.advanced(by: limit), .stall) }
        } else if let sentAt, let limit = timeouts.firstByte {
            silence = (sentAt.advanced(by: limit), .firstByte)
        }
        guard let silence else { return next }
        if let whole = next, whole.at <= silence.at { return whole }
        return silence
    }

    /// The error of a time limit that has passed.
    func timeoutError(_ phase: TimedPhase) -> TransportError {
        let timeouts = prepared.request.timeouts
        let message =
            switch phase {
            case .whole: "the exchange took longer than \(spoken(timeouts.total))"
            case .firstByte: "no answer within \(spoken(timeouts.firstByte))"
            case .stall: "no byte for \(spoken(timeouts.stall))"
            }
        return TransportError(.timeout, message, requestMayHaveBeenSent: wasSent)
    }
}

/// A duration as messages say it: "120 s", "1.5 s", "50 ms".
func spoken(_ duration: Duration?) -> String {
    guard let duration else { return "no time" }
    let (seconds, attoseconds) = duration.components
    let milliseconds = attoseconds / 1_000_000_000_000_000
    if milliseconds == 0 { return "\(seconds) s" }
    if seconds == 0 { return "\(milliseconds) ms" }
    return "\(Double(seconds) + Double(milliseconds) / 1000) s"
}
