import FunctionTools

/// bubblewrap as it is on this machine: where it is, and which of its means work.
struct Bubblewrap: Sendable, Hashable {
    /// What does not work everywhere.
    struct Means: OptionSet, Sendable, Hashable {
        let rawValue: Int

        /// Size limits for what is written to memory.
        static let sizes = Means(rawValue: 1)
        /// No name spaces inside of the sandbox.
        static let noNesting = Means(rawValue: 2)
        /// A /proc of its own. Where a container hides parts of /proc, the kernel does not allow one; then there is
        /// none.
        static let processes = Means(rawValue: 4)
        /// A limit of processes that counts those of the sandbox only.
        static let processLimit = Means(rawValue: 8)
    }

    let path: String
    let means: Means

    /// The descriptor on which bubblewrap tells about the program.
    static let reportDescriptor = 3

    /// The whole command line for a program, by its absolute path.
    func arguments(_ program: [String], plan: MountPlan, workingFolder: String, limits: CommandLimits) -> [String] {
        var arguments = [path, "--unshare-all"]
        if limits.allowsNetwork { arguments.append("--share-net") }
        if means.contains(.noNesting) { arguments += ["--unshare-user", "--disable-userns"] }
        arguments += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        arguments += ["--json-status-fd", String(Self.reportDescriptor), "--ro-bind", "/", "/", "--dev", "/dev"]
        arguments += emptyFolder("/dev/shm", size: limits.fileSize / 4) + ["--remount-ro", "/dev"]
        arguments += means.contains(.processes) ? ["--proc", "/proc"] : ["--tmpfs", "/proc"]
        arguments += mounts(of: plan)
        if !means.contains(.processes) { arguments += ["--remount-ro", "/proc"] }
        return arguments + ["--chdir", workingFolder, "--"] + stage(limits) + program
    }

    /// Sets what can only be set inside, then becomes the program. Processes are counted for each user name space since
    /// Linux 5.14, so this limit does not count those outside; and when memory runs out, the system is to end these
    /// first.
    private func stage(_ limits: CommandLimits) -> [String] {
        // bubblewrap's own process inside counts, too.
        let most = means.contains(.processLimit) ? String(max(1, limits.processes) + 1) : "unlimited"
        let script = """
            ulimit -u "$1" 2>/dev/null || ulimit -p "$1" 2>/dev/null
            { echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null
            shift; exec "$@"
            """
        return ["/bin/sh", "-c", script, "sh", most]
    }

    private func mounts(of plan: MountPlan) -> [String] {
        // What contains another place comes before it.
        let places = plan.covers.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let covers = places.flatMap { place, cover in
            switch cover {
            case .empty(let size): emptyFolder(place, size: size ?? 4096)
            case .hiddenFolder: emptyFolder(place, size: 4096)
            case .original: ["--ro-bind", place, place]
            case .hiddenFile: ["--ro-bind", "/dev/null", place]
            case .link(let target): ["--symlink", target, place]
            }
        }
        let closed = places.flatMap { place, cover in
            cover == .empty(size: nil) || cover == .hiddenFolder ? ["--remount-ro", place] : []
        }
        return covers + closed
    }

    private func emptyFolder(_ path: String, size: Int) -> [String] {
        (means.contains(.sizes) ? ["--size", String(max(4096, size))] : []) + ["--tmpfs", path]
    }
}
