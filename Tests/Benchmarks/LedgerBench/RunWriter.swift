import Benchmarking
import Foundation
import ProviderCore
import Storage

/// Runs of benchmarks: writers that the crash tests kill, and figures.
enum RunWriter {
    /// Runs what is left of a run until it is killed, eight trials at a time, and prints what is safe: `begun TRIAL .`, then
    /// `settled TRIAL .`. Hasty, it prints before it is safe: the defect that the crash test has to find.
    static func write(_ folder: String, _ id: String, isHasty: Bool) async throws {
        let store = try await SQLiteRunLibrary(folder: folder).open(id)
        _ = try await store.claim()
        let settled = try await store.settledTrials()
        let left = try await store.keys(from: 0, limit: .max).filter { !settled.contains($0.index) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for slot in 0..<8 {
                group.addTask {
                    for position in stride(from: slot, to: left.count, by: 8) {
                        let key = left[position]
                        let request = try await store.begin(RunSample.start(key.index))
                        say("begun \(key.index) .")
                        store.close(request, Sample.closing)
                        if isHasty { say("settled \(key.index) .") }
                        try await store.settle([RunSample.record(key)])
                        if !isHasty { say("settled \(key.index) .") }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Makes runs of 3,000 trials until it is killed: `making - .` when a part of one is there, then `made ID .`
    static func make(_ folder: String) async throws {
        let library = SQLiteRunLibrary(folder: folder)
        let keys = RunSample.keys(3000)
        Thread { tellOfParts(in: folder) }.start()
        while true {
            let id = String(PolicyCall.newID().filter { $0.isLetter || $0.isNumber }.lowercased().prefix(15))
            _ = try await library.create(RunSample.header(id, 3000), files: [], trials: keys)
            say("made \(id) .")
        }
    }

    /// Says it whenever a run appears that is not whole yet, so that a kill can fall into that time.
    private static func tellOfParts(in folder: String) {
        var wasThere = false
        while true {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let isThere = names.contains { $0.hasSuffix(".new") }
            if isThere, !wasThere { say("making - .") }
            wasThere = isThere
            usleep(500)
        }
    }

    /// Figures of a run of 10,000 trials, 64 at a time.
    static func measure(_ folder: String) async throws {
        let library = SQLiteRunLibrary(folder: folder)
        let count = 10_000
        var start = ContinuousClock.now
        let store = try await library.create(RunSample.header("bench", count), files: [], trials: RunSample.keys(count))
        print("make_ms \(milliseconds(since: start)) 10000 trials")
        _ = try await store.claim()
        start = .now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for slot in 0..<64 {
                group.addTask {
                    for index in stride(from: slot, to: count, by: 64) {
                        let request = try await store.begin(RunSample.start(index))
                        store.close(request, Sample.closing)
                        try await store.settle([RunSample.record(RunSample.key(index))])
                    }
                }
            }
            try await group.waitForAll()
        }
        print("trials_per_second \(Int(Double(count) / ((ContinuousClock.now - start) / .seconds(1)))) 64 at a time")
        let size = try FileManager.default.attributesOfItem(atPath: library.path(of: "bench"))[.size] as? Int ?? 0
        print("bytes_per_trial \(size / count)")
        for withTexts in [false, true] {
            start = .now
            for window in stride(from: 0, to: count, by: 1000) {
                _ = try await store.trials(from: window, limit: 1000, withTexts: withTexts)
            }
            print("read_ms \(milliseconds(since: start)) 10000 trials\(withTexts ? " with texts" : "")")
        }
        start = .now
        _ = (try await store.money(), try await store.costs())
        print("sums_ms \(milliseconds(since: start)) 10000 requests")
    }

    private static func milliseconds(since start: ContinuousClock.Instant) -> String {
        String(format: "%.1f", (ContinuousClock.now - start) / .milliseconds(1))
    }

    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
    }
}

/// A run like a real one.
enum RunSample {
    static func header(_ id: String, _ trials: Int) -> RunHeader {
        RunHeader(
            id: id, name: "arithmetic", suitePath: "arithmetic.yaml", suiteDigest: "aa", planDigest: "bb", seed: 1,
            created: WallClock().now, version: "0", subjects: ["large", "small"], tasks: ["plus"], planned: trials)
    }

    static func key(_ index: Int) -> TrialKey {
        TrialKey(
            index: index, task: "plus", sample: "sample-\(index / 2)", subject: index % 2 == 0 ? "large" : "small",
            repetition: 1)
    }

    static func keys(_ count: Int) -> [TrialKey] { (0..<count).map(key) }

    static func start(_ trial: Int) -> RequestStart {
        RequestStart(
            purpose: RequestPurpose(trial: trial, turn: 1), attempt: 1, model: "gpt-5.4-mini",
            endpoint: "https://api.openai.com/v1", inputTokens: 42, worst: Money("0.002"), sent: WallClock().now)
    }

    /// One short answer of twelve events.
    static func record(_ key: TrialKey) -> TrialRecord {
        let began = Duration.milliseconds(10 * key.index)
        var timeline = StreamTimeline([TimelineEvent(.role, microseconds: 200_000, bytes: 120)])
        for event in 1..<11 {
            timeline.append(TimelineEvent(.text, microseconds: 200_000 + Int64(event) * 5_100, bytes: 130 + event % 3))
        }
        timeline.append(TimelineEvent(.done, microseconds: 260_000, bytes: 6))
        let timing = RequestTiming(
            queued: began, sent: began + .milliseconds(1), headers: began + .milliseconds(190),
            ended: began + .milliseconds(262), timeline: timeline,
            usage: TokenUsage(inputTokens: 42, outputTokens: 12))
        let answer = "The sum of the two numbers is \(key.index)."
        return TrialRecord(
            key: key, outcome: .right,
            scores: [
                NamedScore(
                    scorer: "plus", digest: String(repeating: "ab", count: 32),
                    score: Score(value: 1, passes: true, answer: "\(key.index)"))
            ], started: began, ended: began + .milliseconds(270), turns: 1, finish: .stop,
            answer: TrialAnswer(text: answer),
            transcript: [
                ChatMessage(.system, "Answer with a number."), ChatMessage(.user, "What is \(key.index) plus 0?"),
                ChatMessage(.assistant, answer),
            ], timings: [TurnTiming(turn: 1, timing: timing)])
    }
}
