import ProviderCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the loop's thread is asked to do.
enum LoopCommand: Sendable {
    /// Begin an exchange.
    case start(Exchange, PreparedRequest)
    /// Read on from the network: the reader has caught up.
    case resume(Exchange)
    /// Close the connection: nobody wants the answer any more.
    case remove(Exchange)
    /// End the thread.
    case stop
}

/// Commands from any thread to the loop's thread, with a pipe that wakes it.
final class LoopInbox: Sendable {
    /// Readable while commands may be waiting.
    let wakeDescriptor: Int32
    private let writeDescriptor: Int32
    private let commands = Mutex<[LoopCommand]>([])

    init() throws(TransportError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .noDescriptor }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        wakeDescriptor = ends[0]
        writeDescriptor = ends[1]
    }

    deinit {
        close(wakeDescriptor)
        close(writeDescriptor)
    }

    /// Adds a command and wakes the loop.
    func post(_ command: LoopCommand) {
        commands.withLock { waiting in
            waiting.append(command)
            guard waiting.count == 1 else { return }
            // Under the lock, so that the pipe holds a byte exactly while commands wait.
            var byte: UInt8 = 1
            while write(writeDescriptor, &byte, 1) < 0, errno == EINTR {}
        }
    }

    /// All commands, oldest first. Only the loop's thread calls this.
    func takeAll() -> [LoopCommand] {
        commands.withLock { waiting in
            guard !waiting.isEmpty else { return [] }
            var byte: UInt8 = 0
            while read(wakeDescriptor, &byte, 1) < 0, errno == EINTR {}
            let taken = waiting
            waiting = []
            return taken
        }
    }
}
