#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The processes below one of ours, from `/proc`. Empty on systems without it.
struct ProcessTree {
    /// What a set of processes uses.
    struct Usage {
        /// Processes and threads.
        var tasks = 0
        /// Bytes in memory; what is shared counts for each.
        var resident = 0
        var processes: [pid_t] = []
    }

    /// The process whose descendants these are. It stays, and is not one of them.
    let root: pid_t

    /// All descendants, at most `limit`.
    func descendants(limit: Int = 100_000) -> [pid_t] {
        var found: [pid_t] = []
        var open = [root]
        while let process = open.popLast(), found.count < limit {
            var children: [pid_t] = []
            for thread in Self.threads(of: process) where children.count < limit {
                children += Self.children(of: process, thread: thread, limit: limit - found.count)
            }
            found += children
            open += children
        }
        return found
    }

    /// What they use. Looks no further than `most` of them.
    func usage(most: Int) -> Usage {
        var usage = Usage()
        usage.processes = descendants(limit: most)
        usage.tasks = usage.processes.count
        guard usage.tasks < most else { return usage }
        usage.tasks = 0
        for process in usage.processes {
            usage.tasks += max(1, Self.threads(of: process).count)
            usage.resident += Self.residentBytes(of: process)
        }
        return usage
    }

    /// Sends a signal to all of them.
    func send(_ signal: Int32) {
        for process in descendants() { kill(process, signal) }
    }

    /// Ends all of them. First all are stopped, since one that runs can start others while we look. At most about
    /// `seconds`.
    func end(within seconds: Int = 3) {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            stopAll(until: deadline)
            let left = descendants()
            if left.isEmpty { return }
            for process in left { kill(process, SIGKILL) }
            poll(nil, 0, 1)
        }
    }

    private func stopAll(until deadline: ContinuousClock.Instant) {
        var stopped: Set<pid_t> = []
        while ContinuousClock.now < deadline {
            let fresh = descendants().filter { !stopped.contains($0) }
            if fresh.isEmpty { return }
            for process in fresh { kill(process, SIGSTOP) }
            stopped.formUnion(fresh)
        }
    }

    /// Bytes of memory that these processes take, what is shared counted once; nil when that cannot be read.
    static func proportionalBytes(of processes: [pid_t]) -> Int? {
        var total: Int?
        for process in processes {
            guard let text = Files.text(of: "/proc/\(process)/smaps_rollup", limit: 4096) else { continue }
            for line in text.split(separator: "\n") where line.hasPrefix("Pss:") {
                let kilobytes = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                total = (total ?? 0) + kilobytes * 1024
            }
        }
        return total
    }

    /// Tasks of the whole system.
    static var allTasks: Int? {
        guard let text = Files.text(of: "/proc/loadavg", limit: 256) else { return nil }
        return text.split(separator: "/").dropFirst().first?.split(separator: " ").first.flatMap { Int($0) }
    }

    private static func threads(of process: pid_t) -> [String] { Files.names(in: "/proc/\(process)/task") ?? [] }

    private static func children(of process: pid_t, thread: String, limit: Int) -> [pid_t] {
        // A number has at most seven digits.
        let text = Files.text(of: "/proc/\(process)/task/\(thread)/children", limit: 8 * max(1, limit)) ?? ""
        return text.split(separator: " ").prefix(limit).compactMap { pid_t($0) }
    }

    private static func residentBytes(of process: pid_t) -> Int {
        let text = Files.text(of: "/proc/\(process)/statm", limit: 256) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
