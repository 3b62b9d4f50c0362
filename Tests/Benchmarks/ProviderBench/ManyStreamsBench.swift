import ProviderCore
import Synchronization
import TerminalKit

/// Many slow streams at once: CPU, lateness and memory of the client alone.
struct ManyStreamsBench: Sendable {
    /// Seconds at the start that do not count: the burst of connections.
    private static let warmUp = 2.0

    let count: Int
    let rate: Double
    let seconds: Double
    let baseURL: String

    func run(on workers: WorkerThreads) async throws {
        let tally = Tally()
        let provider: any AIProvider = try benchProvider(baseURL)
        // Starts the loop's thread, and all code and data that one stream needs anyway.
        try await readSome(provider, tally)
        let before = residentBytes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask(executorPreference: workers) { await consume(provider, tally) }
            }
            try await Task.sleep(for: .seconds(Self.warmUp))
            tally.begin()
            let (cpu, start) = (processCPU(), ContinuousClock.now)
            try await Task.sleep(for: .seconds(seconds))
            let used = processCPU() - cpu
            let wall = start.duration(to: .now) / .seconds(1)
            let seen = tally.end()
            let after = residentBytes()
            let cancelled = ContinuousClock.now
            group.cancelAll()
            try await group.waitForAll()
            tell(seen, used: used, wall: wall)
            report("bytes_per_stream", Double(after - before) / Double(count))
            report("cancel_ms", cancelled.duration(to: .now) / .milliseconds(1))
        }
    }

    private func tell(_ seen: Tally.Seen, used: Double, wall: Double) {
        report("cpu_percent", used / wall * 100)
        report("events_per_second", Double(seen.latenesses.count) / wall)
        report("expected_per_second", Double(count) * rate)
        report("events_per_batch", Double(seen.latenesses.count) / Double(max(1, seen.batches)))
        report("late_p50_ms", seen.latenesses.percentile(0.5))
        report("late_p99_ms", seen.latenesses.percentile(0.99))
        report("late_max_ms", seen.latenesses.largest)
        report("errors", Double(seen.errors))
    }

    private func readSome(_ provider: any AIProvider, _ tally: Tally) async throws {
        var batches = try await provider.stream(benchRequest).batches()
        for _ in 0..<10 { _ = try await batches.nextBatch() }
    }

    private func consume(_ provider: any AIProvider, _ tally: Tally) async {
        do {
            let stream = try await provider.stream(benchRequest)
            var batches = stream.batches()
            while let batch = try await batches.nextBatch() { tally.add(batch) }
            tally.fail("the stream ended early")
        } catch is CancellationError {
            return
        } catch {
            tally.fail("\(error)")
        }
    }
}

/// What the streams of a run have seen.
private final class Tally: Sendable {
    struct Seen {
        var latenesses = Latenesses()
        var batches = 0
        var errors = 0
    }

    private struct State {
        var isCounting = false
        var seen = Seen()
        var firstError: String?
    }

    private let state = Mutex(State())

    func begin() {
        state.withLock { state in
            state.isCounting = true
            state.seen = Seen(latenesses: Latenesses(), batches: 0, errors: state.seen.errors)
        }
    }

    func end() -> Seen {
        state.withLock { state in
            state.isCounting = false
            return state.seen
        }
    }

    func add(_ batch: [StreamEvent]) {
        let now = monotonicMicroseconds()
        state.withLock { state in
            guard state.isCounting else { return }
            state.seen.batches += 1
            for case .textDelta(let text, _) in batch {
                if let sent = Int(text) { state.seen.latenesses.add(microseconds: now - sent) }
            }
        }
    }

    func fail(_ message: String) {
        let isFirst = state.withLock { state in
            state.seen.errors += 1
            defer { state.firstError = state.firstError ?? message }
            return state.firstError == nil
        }
        if isFirst { print("first_error \(message)") }
    }
}
