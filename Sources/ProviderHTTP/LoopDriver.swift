import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How the loop waits for its sockets.
enum LoopStyle: Sendable {
    /// epoll with libcurl's socket callback: the cost of a turn does not grow with the number of connections.
    case events
    /// libcurl's own poll: works everywhere.
    case portable

    /// The better one here.
    static var best: LoopStyle {
        #if os(Linux)
            .events
        #else
            .portable
        #endif
    }
}

/// Waits for sockets and lets libcurl work on them.
protocol LoopDriver: AnyObject {
    /// One turn: sleeps until a socket, the wake descriptor, a timer of libcurl's or `deadline` (nil = none) is due.
    func turn(until deadline: LoopTime?)
}

/// `curl_multi_poll` and `curl_multi_perform`.
final class PortableDriver: LoopDriver {
    private let multi: UnsafeMutableRawPointer
    private let wakeDescriptor: Int32

    init(multi: UnsafeMutableRawPointer, wakeDescriptor: Int32) {
        self.multi = multi
        self.wakeDescriptor = wakeDescriptor
    }

    func turn(until deadline: LoopTime?) {
        var wake = curl_waitfd(fd: wakeDescriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        let limit = deadline?.milliseconds(since: .now) ?? Int32.max
        curl_multi_poll(multi, &wake, 1, limit, nil)
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
    }
}

#if os(Linux)
    /// epoll, fed by libcurl's socket and timer callbacks.
    final class EventDriver: LoopDriver {
        private let multi: UnsafeMutableRawPointer
        private let poller: Int32
        private let wakeDescriptor: Int32
        @exclusivity(unchecked) private var libcurlIsDue: LoopTime?
        /// Sockets taken from the kernel at once. It hands the ready ones out in turn, so that none is passed over.
        private static let batch = 64
        /// Ready sockets read in one turn.
        /// The first of them wait so long for their readers to be woken.
        private static let most = 128
        private let ready = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: EventDriver.batch)

        init?(multi: UnsafeMutableRawPointer, wakeDescriptor: Int32) {
            self.multi = multi
            self.wakeDescriptor = wakeDescriptor
            poller = ccurl_epoll_create()
            guard poller >= 0, ccurl_epoll_control(poller, EPOLL_CTL_ADD, wakeDescriptor, ccurl_epoll_in) == 0 else {
                return nil
            }
            // Unretained: the loop keeps the driver until after libcurl's handle is cleaned up.
            let context = Unmanaged.passUnretained(self).toOpaque()
            ccurl_multi_set_socket(multi, { onSocket($1, $2, $3, $4) }, context)
            ccurl_multi_set_timer(multi, { onTimer($1, $2) }, context)
        }

        deinit {
            close(poller)
            ready.deallocate()
        }

        func turn(until deadline: LoopTime?) {
            var next = deadline
            if let due = libcurlIsDue, next.map({ due < $0 }) ?? true { next = due }
            var limit = next?.milliseconds(since: .now) ?? -1
            var running: Int32 = 0
            var left = Self.most
            // What came meanwhile is read as well, so that its readers are woken together with the others.
            while left > 0 {
                let count = Int(epoll_wait(poller, ready.baseAddress, Int32(min(left, ready.count)), limit))
                guard count > 0 else { break }
                var isCalled = false
                for index in 0..<count {
                    let descriptor = ready[index].data.fd
                    if descriptor == wakeDescriptor {
                        isCalled = true
                    } else {
                        curl_multi_socket_action(multi, descriptor, readiness(ready[index].events), &running)
                    }
                }
                if isCalled { break }
                left -= count
                limit = 0
            }
            if let due = libcurlIsDue, due <= .now {
                libcurlIsDue = nil
                curl_multi_socket_action(multi, -1, 0, &running)
            }
        }

        private func readiness(_ events: UInt32) -> Int32 {
            var mask: Int32 = 0
            if events & ccurl_epoll_in != 0 { mask |= CURL_CSELECT_IN }
            if events & ccurl_epoll_out != 0 { mask |= CURL_CSELECT_OUT }
            if events & ccurl_epoll_failed != 0 { mask |= CURL_CSELECT_ERR }
            return mask
        }

        fileprivate func watch(_ descriptor: Int32, for what: Int32) {
            guard what != CURL_POLL_REMOVE else {
                _ = ccurl_epoll_control(poller, EPOLL_CTL_DEL, descriptor, 0)
                return
            }
            var events: UInt32 = 0
            if what & CURL_POLL_IN != 0 { events |= ccurl_epoll_in }
            if what & CURL_POLL_OUT != 0 { events |= ccurl_epoll_out }
            if ccurl_epoll_control(poller, EPOLL_CTL_MOD, descriptor, events) != 0 {
                _ = ccurl_epoll_control(poller, EPOLL_CTL_ADD, descriptor, events)
            }
        }

        fileprivate func setTimer(_ milliseconds: Int) {
            libcurlIsDue = milliseconds < 0 ? nil : .now.advanced(byMilliseconds: milliseconds)
        }
    }

    private func onSocket(
        _ descriptor: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?, _: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let context else { return 0 }
        Unmanaged<EventDriver>.fromOpaque(context).takeUnretainedValue().watch(descriptor, for: what)
        return 0
    }

    private func onTimer(_ milliseconds: Int, _ context: UnsafeMutableRawPointer?) -> Int32 {
        guard let context else { return 0 }
        Unmanaged<EventDriver>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
        return 0
    }
#endif
