import FunctionTools
import Sandbox

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What it costs to run a program for a tool.
enum SandboxMeasures {
    private static let rounds = 200

    static func report() async {
        let sandbox = Sandbox(environment: environment(), workingFolder: "/")
        guard case .sandboxed(let name) = sandbox.isolation else { return print("sandbox: none, \(sandbox.isolation)") }
        let bare = await times { spawnBare() }
        let inside = await times { await sandbox.run(Command(["/bin/true"])).end == .exited(0) }
        let overhead = inside.half - bare.half
        print("sandbox overhead per command: \(words(overhead)) ms (bare \(words(bare.half)) ms)")
        print("sandbox (\(name)), /bin/true: p50 \(words(inside.half)) ms, p99 \(words(inside.most)) ms")
        print("bare posix_spawn, /bin/true: p50 \(words(bare.half)) ms, p99 \(words(bare.most)) ms")
        await flood(sandbox)
    }

    /// 1 GiB of output: how fast it is drained, and what it costs in memory.
    private static func flood(_ sandbox: Sandbox) async {
        let before = peakMemory()
        let outcome = await sandbox.run(Command(["/usr/bin/head", "-c", "1073741824", "/dev/zero"]))
        let kept = outcome.output.head.count + outcome.output.tail.count
        guard outcome.end == .exited(0), kept + outcome.output.dropped == 1 << 30 else {
            return print("sandbox flood: \(outcome.end)")
        }
        let speed = Double(1 << 10) / (outcome.duration / .seconds(1))
        print("sandbox output of 1 GiB: \(Int(speed)) MiB/s, peak memory +\((peakMemory() - before) >> 10) KiB")
    }

    private static func environment() -> [String: String] {
        var environment: [String: String] = [:]
        for name in ["PATH", "HOME", "LANG"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        return environment
    }

    /// The most memory that this process ever had, in bytes.
    private static func peakMemory() -> Int {
        var usage = rusage()
        // RUSAGE_SELF, which has another type on each system.
        getrusage(0, &usage)
        return Int(usage.ru_maxrss) << 10
    }

    private static func spawnBare() -> Bool {
        var child = pid_t()
        let path = strdup("/bin/true")
        defer { free(path) }
        var arguments = [path, nil]
        guard posix_spawn(&child, "/bin/true", nil, nil, &arguments, nil) == 0 else { return false }
        var status: Int32 = 0
        return waitpid(child, &status, 0) == child && status == 0
    }

    private static func times(_ work: () async -> Bool) async -> (half: Double, most: Double) {
        var times: [Double] = []
        for _ in 0..<rounds {
            let begin = ContinuousClock.now
            guard await work() else { return (.nan, .nan) }
            times.append((ContinuousClock.now - begin) / .milliseconds(1))
        }
        times.sort()
        return (times[rounds / 2], times[rounds * 99 / 100])
    }

    private static func words(_ milliseconds: Double) -> String { String((milliseconds * 10).rounded() / 10) }
}
