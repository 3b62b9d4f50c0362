internal import Synchronization
internal import TerminalKit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Tells when files are changed, replaced by another of the same name, made or deleted. What happens quickly one after the
/// other is told once.
///
/// On Linux a thread sleeps until the system tells of one of the folders (inotify) and never wakes in between; where that is
/// not to be had it looks at the files every two seconds. Symbolic links are followed, and a folder that is not there yet is
/// waited for.
public final class FileWatch: Sendable {
    /// The end of the pipe that ends the thread when it is closed.
    private let stop: Mutex<Int32>

    /// Watches files, by their absolute paths. `onChange` gets those that changed, sorted, on the watch's own thread. How
    /// they are at the moment of this call is what they are compared with.
    ///
    /// `quiet` is how long nothing may happen before it is told, in milliseconds: editors take several steps to save.
    public init(_ files: [String], quiet: Int = 50, onChange: @escaping @Sendable ([String]) -> Void) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            stop = Mutex(-1)
            return
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        stop = Mutex(ends[1])
        let watcher = FileWatcher(files, stop: ends[0], quiet: Int32(clamping: quiet))
        Thread.start {
            var watcher = watcher
            watcher.run(onChange)
        }
    }

    deinit { end() }

    /// Ends the watch; a call that is under way may still be finished.
    public func end() {
        stop.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }
}

/// What the thread of a watch knows. Set up before the thread starts, then only used by it.
struct FileWatcher: Sendable {
    private let files: [String]
    private let stop: Int32
    private let quiet: Int32
    private var known: [String: FileSignature] = [:]
    private var source: FolderEvents

    /// The longest that changes without a pause are held back, in milliseconds.
    private static let patience = 1000
    /// How often files are looked at where the system does not tell, in milliseconds.
    private static let interval: Int32 = 2000

    init(_ files: [String], stop: Int32, quiet: Int32) {
        self.files = Array(Set(files)).sorted()
        self.stop = stop
        self.quiet = quiet
        source = FolderEvents()
        source.watch(self.files)
        for file in self.files { known[file] = FileSignature(file) }
    }

    mutating func run(_ tell: ([String]) -> Void) {
        defer {
            source.close()
            close(stop)
        }
        while true {
            guard var touched = wait(source.isWorking ? -1 : Self.interval) else { return }
            let deadline = ContinuousClock.now + .milliseconds(Self.patience)
            while source.isWorking, ContinuousClock.now < deadline {
                guard let more = wait(quiet) else { return }
                if more.isEmpty { break }
                touched.formUnion(more)
            }
            let changed = changes(among: touched)
            if !changed.isEmpty { tell(changed) }
        }
    }

    /// The files of which something was heard within a time, in milliseconds, -1 = for ever; nil = the watch has ended.
    private mutating func wait(_ milliseconds: Int32) -> Set<String>? {
        var entries = [
            pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
            pollfd(fd: source.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&entries, nfds_t(entries.count), milliseconds)
        if entries[0].revents != 0 { return nil }
        if count < 0 { return errno == EINTR ? [] : nil }
        guard source.isWorking else { return Set(files) }
        guard entries[1].revents != 0 else { return [] }
        return source.read(files)
    }

    private mutating func changes(among touched: Set<String>) -> [String] {
        var changed: [String] = []
        for file in touched.sorted() {
            let now = FileSignature(file)
            guard known[file] != now else { continue }
            known[file] = now
            changed.append(file)
        }
        return changed
    }
}

/// What tells one state of a file from another without reading it.
struct FileSignature: Sendable, Hashable {
    private var numbers: [Int] = []

    /// The signature of what is at a path, behind symbolic links; an empty one when there is nothing.
    init(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        #if canImport(Darwin)
            let (changed, modified) = (status.st_ctimespec, status.st_mtimespec)
        #else
            let (changed, modified) = (status.st_ctim, status.st_mtim)
        #endif
        numbers = [
            Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino), Int(status.st_size),
            Int(modified.tv_sec), Int(modified.tv_nsec), Int(changed.tv_sec), Int(changed.tv_nsec),
        ]
    }
}
