#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One connection of a `LoopbackServer`, on a thread of its own.
struct LoopbackConnection {
    private let descriptor: Int32
    private let journal: LoopbackJournal

    init(_ descriptor: Int32, _ journal: LoopbackJournal) {
        self.descriptor = descriptor
        self.journal = journal
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        #if canImport(Darwin)
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
    }

    /// Reads requests and follows the script until either side closes.
    func serve(_ greeting: String, _ script: LoopbackServer.Script) {
        var rest: [UInt8] = []
        guard sendAll(Array(greeting.utf8)) else { return _ = closeNow() }
        while let request = readRequest(&rest) {
            let number = journal.add(request)
            for step in script(number, request) where !follow(step) { return }
        }
        closeNow()
    }

    /// Does one step; false = the connection is over.
    private func follow(_ step: LoopbackStep) -> Bool {
        switch step {
        case .send(let bytes): return sendAll(bytes) || closeNow()
        case .pieces(let bytes, let size):
            for start in stride(from: 0, to: bytes.count, by: size) {
                guard sendAll(Array(bytes[start..<min(bytes.count, start + size)])) else { return closeNow() }
            }
            return true
        case .wait:
            step.waitIfGate()
            return true
        case .flood(let count): return flood(count) || closeNow()
        case .drip(let bytes, let pause):
            while sendAll(bytes), !closesWithin(milliseconds: pause) {}
            journal.note { $0.closedByClient += 1 }
            return closeNow()
        case .awaitClose:
            while !receive(4096).isEmpty {}
            journal.note { $0.closedByClient += 1 }
            return closeNow()
        case .close: return closeNow()
        case .reset:
            var atOnce = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
            return closeNow()
        }
    }

    @discardableResult
    private func closeNow() -> Bool {
        close(descriptor)
        journal.note { $0.closed += 1 }
        return false
    }
}

// MARK: Bytes

extension LoopbackConnection {
    private func receive(_ limit: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        while true {
            let count = recv(descriptor, &bytes, limit, 0)
            if count < 0, errno == EINTR { continue }
            return Array(bytes.prefix(max(0, count)))
        }
    }

    /// Whether the client closes the connection in this time. Takes what it sends meanwhile.
    private func closesWithin(milliseconds: Int) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, Int32(milliseconds)) > 0 && receive(4096).isEmpty
    }

    /// One system call; negative = an error.
    private func sendOnce(_ bytes: ArraySlice<UInt8>) -> Int {
        #if canImport(Glibc)
            let flags = Int32(MSG_NOSIGNAL)
        #else
            let flags: Int32 = 0
        #endif
        return bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, flags) }
    }

    private func sendAll(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = sendOnce(bytes[sent...])
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func flood(_ total: Int) -> Bool {
        var limit = timeval(tv_sec: 0, tv_usec: 300_000)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
        var sent = 0
        while sent < total {
            let count = sendOnce(block.prefix(min(block.count, total - sent)))
            if count > 0 {
                sent += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                let reached = sent
                journal.note { $0.blockedAt.append(reached) }
            } else if errno != EINTR {
                journal.note { $0.closedByClient += 1 }
                return false
            }
        }
        return true
    }

    /// The next request; nil = the client has closed. `rest` holds what was read beyond it.
    private func readRequest(_ rest: inout [UInt8]) -> LoopbackRequest? {
        var bytes = rest
        let end: [UInt8] = Array("\r\n\r\n".utf8)
        while true {
            if let head = bytes.firstRange(of: end) {
                var request = LoopbackRequest(head: String(decoding: bytes[..<head.lowerBound], as: UTF8.self))
                let length = request.header("content-length").flatMap { Int($0) } ?? 0
                while bytes.count < head.upperBound + length {
                    let more = receive(64 << 10)
                    guard !more.isEmpty else { return nil }
                    bytes += more
                }
                request.body = Array(bytes[head.upperBound..<head.upperBound + length])
                rest = Array(bytes[(head.upperBound + length)...])
                return request
            }
            let more = receive(64 << 10)
            guard !more.isEmpty else {
                journal.note { $0.closedByClient += 1 }
                return nil
            }
            bytes += more
        }
    }
}
