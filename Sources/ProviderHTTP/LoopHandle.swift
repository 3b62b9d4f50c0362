import CCurl
import ProviderCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Open files a process may want for its connections: many more than any benchmark asks for at once, and few enough that
/// nobody walking through all of them minds.
private let descriptorsWanted = 65_536

/// Owner of the loop's thread: the thread ends when the last reference goes.
final class LoopHandle: Sendable {
    let inbox: LoopInbox

    init(style: LoopStyle) throws(TransportError) {
        guard ccurl_initialize() == CURLE_OK else { throw TransportError(.connect, "libcurl cannot be initialised") }
        ccurl_raise_open_files_limit(descriptorsWanted)
        inbox = try LoopInbox()
        try startThread(LoopStart(inbox: inbox, style: style))
    }

    deinit { inbox.post(.stop) }
}

/// What the thread is given.
private final class LoopStart: Sendable {
    let inbox: LoopInbox
    let style: LoopStyle

    init(inbox: LoopInbox, style: LoopStyle) {
        self.inbox = inbox
        self.style = style
    }
}

private func startThread(_ start: LoopStart) throws(TransportError) {
    // Signals belong to the program's own threads; a new thread inherits the mask of its creator.
    var everything = sigset_t()
    var before = sigset_t()
    sigfillset(&everything)
    pthread_sigmask(SIG_SETMASK, &everything, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let context = Unmanaged.passRetained(start)
    #if canImport(Darwin)
        var thread: pthread_t?
        let code = pthread_create(&thread, nil, { runLoop($0) }, context.toOpaque())
        if let thread { pthread_detach(thread) }
    #else
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { runLoop($0) }, context.toOpaque())
        if code == 0 { pthread_detach(thread) }
    #endif
    guard code == 0 else {
        context.release()
        throw TransportError(.connect, "no thread for the network")
    }
}

private func runLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let start = Unmanaged<LoopStart>.fromOpaque(context).takeRetainedValue()
    ccurl_name_thread("http")
    guard let loop = CurlLoop(inbox: start.inbox, style: start.style) else {
        refuseAll(start.inbox)
        return nil
    }
    loop.run()
    return nil
}

/// Answers every request with an error: libcurl or the poller could not be set up.
private func refuseAll(_ inbox: LoopInbox) {
    var descriptor = pollfd(fd: inbox.wakeDescriptor, events: Int16(POLLIN), revents: 0)
    while true {
        poll(&descriptor, 1, -1)
        for command in inbox.takeAll() {
            switch command {
            case .start(let exchange, _):
                let isFull = ccurl_lacks_descriptors()
                exchange.end(
                    .failed(isFull ? .noDescriptor : TransportError(.connect, "no resources for the network loop")))
            case .stop: return
            case .resume, .remove: break
            }
        }
    }
}
