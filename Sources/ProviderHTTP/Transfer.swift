import CCurl
import ProviderCore

/// The transfers that got bytes during one turn of the loop, and the readers to wake for them.
final class TurnLog {
    @exclusivity(unchecked) var touched: [Transfer] = []
    @exclusivity(unchecked) var wakeUps = WakeUps()

    /// The transfers of this turn; the log is empty afterwards.
    func take() -> [Transfer] {
        guard !touched.isEmpty else { return [] }
        let taken = touched
        touched = []
        touched.reserveCapacity(taken.count)
        return taken
    }
}

/// One exchange on the loop's thread: libcurl's handle and what its callbacks fill. Never leaves that thread.
///
/// What every piece of a body touches is not checked for exclusive access at run time: one thread alone comes here, no
/// access spans a call back, and the checks were a quarter of this thread's own instructions.
final class Transfer {
    /// Body bytes after which the reader is woken within a turn: one turn of libcurl's can bring megabytes.
    static let sliceBytes = 64 << 10

    let easy: UnsafeMutableRawPointer
    let exchange: Exchange
    @exclusivity(unchecked) var prepared: PreparedRequest
    /// libcurl's own words on a failure.
    let detail = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// Header lines handed to libcurl; freed with the handle.
    var headerList: UnsafeMutablePointer<curl_slist>?

    /// Body bytes of this turn.
    @exclusivity(unchecked) private var incoming: [UInt8] = []
    /// Body bytes of all turns, decoded.
    @exclusivity(unchecked) private(set) var received = 0
    @exclusivity(unchecked) private(set) var headerBytes = 0
    @exclusivity(unchecked) private var collector = HeadCollector()
    /// Whether the connection stood and the request was about to leave.
    private(set) var wasSent = false
    /// Whether the host's address is known, be it from a look-up or a kept connection.
    private(set) var hasAddress = false
    /// Why the last socket could not be had; 0 = it could.
    private(set) var socketError: Int32 = 0
    /// Why a callback stopped the transfer.
    private(set) var failure: TransportError?
    /// libcurl's verdict, when it is done.
    @exclusivity(unchecked) var result: CURLcode?
    /// Whether libcurl works on it; before, it waits for another transfer's name look-up.
    var isAdded = false
    /// Whether the reader has more than enough to read.
    @exclusivity(unchecked) private(set) var isFull = false
    /// Whether libcurl was told to leave the network alone.
    @exclusivity(unchecked) var isPaused = false
    @exclusivity(unchecked) var isTouched = false
    /// Whether bytes of the request left during this turn.
    @exclusivity(unchecked) var isSending = false

    /// When the transfer was started.
    let startedAt: LoopTime
    /// When the request last left, in part or whole.
    @exclusivity(unchecked) var sentAt: LoopTime?
    /// When the network last brought something, or was resumed.
    @exclusivity(unchecked) var activeAt: LoopTime
    /// When the reader last completed an event; before the first one, when the head came. Nil = no events expected.
    @exclusivity(unchecked) var eventAt: LoopTime?

    private let log: TurnLog
    private var headWasDelivered = false
    @exclusivity(unchecked) private var uploaded = 0
    /// Bytes of the last turn: the next one probably brings as many.
    @exclusivity(unchecked) private var expected = 0

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

    /// How far the exchange has come.
    var progress: TransportError.Progress {
        if hasHead { return .answering }
        return bytesLeft ? .sent : .notSent
    }

    /// Whether bytes of the request went out.
    private var bytesLeft: Bool { wasSent && ccurl_get_long(easy, CURLINFO_REQUEST_SIZE) > 0 }

    /// Whether the answer's head is in.
    var hasHead: Bool { headWasDelivered || collector.head != nil }

    /// Whether all of the request's body has left.
    var isUploaded: Bool { uploaded == prepared.request.body?.count ?? 0 }

    /// Hands what came in to the reader. Returns the head if it is in now and was not before.
    @discardableResult
    func deliver() -> ResponseHead? {
        expected = min(incoming.count, Self.sliceBytes)
        let head = collector.takeHead()
        if head != nil { headWasDelivered = true }
        // Nothing to read, nobody to wake.
        guard head != nil || !incoming.isEmpty else { return nil }
        if exchange.deliver(head, &incoming, &log.wakeUps) { isFull = true }
        return head
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
    /// The host's address is known: opens a socket for it.
    func openSocket(_ address: UnsafePointer<curl_sockaddr>) -> curl_socket_t {
        hasAddress = true
        touch()
        return ccurl_open_socket(address, &socketError)
    }

    /// The connection stands; the request leaves next. False = it must not.
    func requestLeaves() -> Bool {
        touch()
        // A kept connection died, and libcurl is about to try another one.
        if bytesLeft, !prepared.isRepeatable {
            fail(.lost, "\(prepared.target) closed the connection without an answer")
            return false
        }
        hasAddress = true
        wasSent = true
        isSending = true
        uploaded = 0
        return true
    }

    /// Takes body bytes; returns what libcurl's write callback has to return.
    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        // libcurl may still have decoded bytes at hand when it was told to stop.
        guard failure == nil else { return 0 }
        guard !isFull else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        touch()
        let limit = prepared.request.limits.bodyBytes
        guard bytes.count <= limit - received else {
            incoming.append(contentsOf: bytes.prefix(max(0, limit - received)))
            fail(.tooLarge, "the answer's body is larger than \(limit) bytes")
            return 0
        }
        if incoming.isEmpty { incoming.reserveCapacity(max(expected, bytes.count)) }
        incoming.append(contentsOf: bytes)
        received += bytes.count
        if incoming.count >= Self.sliceBytes { deliverWithinTurn() }
        return bytes.count
    }

    /// Takes one header line; false = stop.
    func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        touch()
        headerBytes += line.count
        let limits = prepared.request.limits
        guard headerBytes <= limits.headerBytes else {
            fail(.tooLarge, "the answer's headers are larger than \(limits.headerBytes) bytes")
            return false
        }
        collector.add(line, status: ccurl_get_long(easy, CURLINFO_RESPONSE_CODE))
        guard collector.fields <= limits.headerFields else {
            fail(.tooLarge, "the answer has more than \(limits.headerFields) header fields")
            return false
        }
        return true
    }

    /// Copies the next bytes of the request's body; 0 = all are out.
    func giveBody(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let body = prepared.request.body ?? []
        let count = min(room.count, body.count - uploaded)
        guard count > 0 else { return 0 }
        room.copyBytes(from: body[uploaded..<uploaded + count])
        uploaded += count
        isSending = true
        touch()
        return count
    }

    private func fail(_ kind: TransportError.Kind, _ message: String) {
        failure = TransportError(kind, message, progress: progress)
    }

    private func deliverWithinTurn() {
        if let head = deliver() { noteHead(head, .now) }
        log.wakeUps.resumeAll()
    }
}
