import CCurl
import ProviderCore

/// The loop of one transport: libcurl's multi handle and all transfers, on one thread.
final class CurlLoop {
    private let inbox: LoopInbox
    private let multi: UnsafeMutableRawPointer
    private let driver: any LoopDriver
    private let log = TurnLog()
    @exclusivity(unchecked) private var transfers: [ObjectIdentifier: Transfer] = [:]
    @exclusivity(unchecked) private var lookups = NameLookups<ObjectIdentifier>()
    /// No time limit is due before this; nil = none runs.
    @exclusivity(unchecked) private var nearestLimit: LoopTime?

    init?(inbox: LoopInbox, style: LoopStyle) {
        guard let multi = curl_multi_init() else { return nil }
        guard let driver = makeDriver(style, multi: multi, wakeDescriptor: inbox.wakeDescriptor) else {
            curl_multi_cleanup(multi)
            return nil
        }
        self.inbox = inbox
        self.multi = multi
        self.driver = driver
        // Enough for any benchmark's concurrency; a burst beyond it does not leave its sockets behind.
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 256)
    }

    deinit {
        for transfer in transfers.values where transfer.isAdded { curl_multi_remove_handle(multi, transfer.easy) }
        transfers = [:]
        curl_multi_cleanup(multi)
    }

    /// Runs until told to stop.
    func run() {
        while true {
            driver.turn(until: nearestLimit)
            for command in inbox.takeAll() {
                if case .stop = command { return }
                obey(command)
            }
            collectResults()
            let now = LoopTime.now
            deliver(now)
            endLate(now)
            if !lookups.isEmpty { continueLookups() }
        }
    }
}

private func makeDriver(
    _ style: LoopStyle, multi: UnsafeMutableRawPointer, wakeDescriptor: Int32
) -> (any LoopDriver)? {
    #if os(Linux)
        if case .events = style { return EventDriver(multi: multi, wakeDescriptor: wakeDescriptor) }
    #endif
    return PortableDriver(multi: multi, wakeDescriptor: wakeDescriptor)
}

// MARK: Commands

extension CurlLoop {
    private func obey(_ command: LoopCommand) {
        switch command {
        case .start(let exchange, let prepared): start(exchange, prepared)
        case .resume(let exchange): resume(exchange)
        case .remove(let exchange): remove(exchange)
        case .stop: break
        }
    }

    private func start(_ exchange: Exchange, _ prepared: PreparedRequest) {
        guard !exchange.isCancelled else { return }
        guard let transfer = Transfer(exchange: exchange, prepared: prepared, log: log) else {
            return exchange.end(.failed(TransportError(.connect, "out of memory")))
        }
        do throws(TransportError) {
            try transfer.configure()
        } catch {
            return exchange.end(.failed(error))
        }
        transfer.prepared.forgetWhatLibcurlHas()
        let id = ObjectIdentifier(exchange)
        transfers[id] = transfer
        noteLimit(of: transfer)
        if let name = prepared.lookupName, !lookups.join(id, name) { return }
        add(transfer)
    }

    private func add(_ transfer: Transfer) {
        guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            return finish(transfer, .failed(TransportError(.connect, "libcurl takes no further transfer")))
        }
        transfer.isAdded = true
    }

    private func resume(_ exchange: Exchange) {
        guard let transfer = transfers[ObjectIdentifier(exchange)], transfer.resume() else { return }
        transfer.noteResumption(.now)
        noteLimit(of: transfer)
        curl_easy_pause(transfer.easy, CURLPAUSE_CONT)
    }

    private func remove(_ exchange: Exchange) {
        let id = ObjectIdentifier(exchange)
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        lookups.end(id, transfer.hasAddress ? .found : .gone)
        if transfer.isAdded { curl_multi_remove_handle(multi, transfer.easy) }
    }
}

// MARK: After each turn

extension CurlLoop {
    /// Notes which transfers libcurl has finished.
    private func collectResults() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let context = ccurl_get_context(easy)
            else { continue }
            let transfer = Transfer.from(context)
            transfer.result = message.pointee.data.result
            transfer.touch()
        }
    }

    /// Hands every transfer's harvest to its reader, once a turn however many pieces it came in.
    private func deliver(_ now: LoopTime) {
        for transfer in log.take() {
            transfer.isTouched = false
            let isNewPhase = transfer.noteActivity(now)
            let head = transfer.deliver()
            if let head { transfer.noteHead(head, now) }
            if let result = transfer.result {
                // The last bytes first.
                log.wakeUps.resumeAll()
                finish(transfer, transfer.ending(for: result))
                continue
            }
            if transfer.isFull, !transfer.isPaused {
                transfer.isPaused = true
                curl_easy_pause(transfer.easy, CURLPAUSE_RECV)
            }
            if isNewPhase || head != nil || !transfer.hasHead { noteLimit(of: transfer) }
            if transfer.hasAddress, !lookups.isEmpty { lookups.end(ObjectIdentifier(transfer.exchange), .found) }
        }
        log.wakeUps.resumeAll()
    }

    /// Ends the transfers whose time is up.
    private func endLate(_ now: LoopTime) {
        guard let nearest = nearestLimit, nearest <= now else { return }
        nearestLimit = nil
        for transfer in Array(transfers.values) {
            if let limit = transfer.passedLimit(now) {
                finish(transfer, .failed(transfer.timeoutError(limit)))
            } else {
                noteLimit(of: transfer)
            }
        }
    }

    /// Starts those whose host's address is known by now.
    private func continueLookups() {
        let (start, fail) = lookups.resolve { transfers[$0] != nil }
        for id in start {
            if let transfer = transfers[id] { add(transfer) }
        }
        for (id, error) in fail {
            if let transfer = transfers[id] { finish(transfer, .failed(error)) }
        }
    }

    private func finish(_ transfer: Transfer, _ ending: Exchange.Ending) {
        if case .failed(let error) = ending, !transfer.hasAddress, error.kind == .nameLookup || error.kind == .proxy {
            lookups.end(ObjectIdentifier(transfer.exchange), .failed(error))
        }
        remove(transfer.exchange)
        transfer.exchange.end(ending)
    }

    /// Limits only ever move later without a note, so `nearestLimit` may be too early but never too late.
    private func noteLimit(of transfer: Transfer) {
        guard let limit = transfer.nextLimit else { return }
        if let nearest = nearestLimit, nearest <= limit.at { return }
        nearestLimit = limit.at
    }
}
