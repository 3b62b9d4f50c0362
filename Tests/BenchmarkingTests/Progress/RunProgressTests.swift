import Benchmarking
import ProviderCore
import Statistics
import Testing

/// A run that is told of event by event, with a time that moves only when told.
struct ProgressRig {
    let start = ContinuousClock.now
    var now: ContinuousClock.Instant
    var progress: RunProgress

    /// Task `t`, subjects `a` and `b`, so many samples, each asked so often.
    init(
        samples: Int = 4, repeats: Int = 1, subjects: [String] = ["a", "b"], concurrency: Int = 4,
        baseline: (TrialKey) -> Double? = { _ in nil }, budget: Money? = nil
    ) {
        var keys: [TrialKey] = []
        for sample in 0..<samples {
            for turn in 1...repeats {
                for subject in subjects {
                    keys.append(
                        TrialKey(index: keys.count, task: "t", sample: "s\(sample)", subject: subject, repetition: turn)
                    )
                }
            }
        }
        let header = RunHeader(
            id: "run1", name: "n", suitePath: "s.yaml", suiteDigest: "", planDigest: "", seed: 1, created: 1,
            version: "1", subjects: subjects, tasks: ["t"], planned: keys.count, budget: budget)
        var before: [RunProgress.BaselineKey: Double] = [:]
        for key in keys { before[RunProgress.BaselineKey(key)] = baseline(key) }
        now = start
        progress = RunProgress(
            RunProgress.Setup(
                header: header, keys: keys, endpoints: ["a": "one", "b": "two"], concurrency: concurrency,
                baseline: before), at: start)
    }

    mutating func wait(_ time: Duration) { now += time }

    mutating func begin(_ trials: Int...) {
        for trial in trials { progress.take(.started(trial, at: now)) }
    }

    mutating func stream(_ trial: Int, turn: Int = 1, _ events: StreamEvent...) {
        progress.take(.streamed(trial, turn: turn, events, at: now))
    }

    func record(_ trial: Int, _ outcome: TrialOutcome, tokens: Int = 10, first: Int64 = 200_000) -> TrialRecord {
        var timings: [TurnTiming] = []
        if outcome != .infraError {
            let timeline = StreamTimeline([
                TimelineEvent(.text, microseconds: first), TimelineEvent(.text, microseconds: first + 1_000_000),
            ])
            timings = [
                TurnTiming(
                    turn: 1,
                    timing: RequestTiming(
                        sent: .zero, ended: .seconds(2), timeline: timeline,
                        usage: TokenUsage(inputTokens: 5, outputTokens: tokens)))
            ]
        }
        let score = Score(value: outcome == .right ? 1 : 0, passes: outcome == .right, explanation: "because")
        let error = outcome == .infraError ? ProviderError(kind: .server, status: 502, message: "bad\ngateway") : nil
        return TrialRecord(
            key: progress.keys[trial], outcome: outcome,
            scores: outcome.isScored ? [NamedScore(scorer: "t", digest: "", score: score)] : [],
            started: .zero, ended: .seconds(1), turns: 1, error: error, timings: timings)
    }

    mutating func end(_ trial: Int, _ outcome: TrialOutcome, tokens: Int = 10) {
        progress.take(.ended(record(trial, outcome, tokens: tokens), at: now))
    }
}

/// What a run has come to, folded from its events.
@Suite struct RunProgressTests {
    @Test func countsByClassAndCell() {
        var rig = ProgressRig()
        let outcomes: [TrialOutcome] = [.right, .wrong, .right, .truncated, .infraError, .refused]
        for (trial, outcome) in outcomes.enumerated() {
            rig.begin(trial)
            rig.end(trial, outcome)
        }
        #expect(rig.progress.count(.right) == 2 && rig.progress.count(.infraError) == 1)
        #expect(rig.progress.done == 6 && rig.progress.settled == 5 && rig.progress.waiting == 2)
        #expect(rig.progress.coverage == 5.0 / 8 && rig.progress.scoredOfEnded == 5.0 / 6)
        #expect(rig.progress.outcome(of: 3) == .truncated && rig.progress.outcome(of: 7) == nil)
        rig.progress.refresh()
        let cell = rig.progress.cells[0]
        #expect(cell.done == 3 && cell.settled == 2 && cell.accuracy == 1)
        #expect(cell.interval == Proportion(successes: 2, of: 2)?.wilson())
        #expect(rig.progress.cells[1].interval == Proportion(successes: 0, of: 3)?.wilson())
        #expect(rig.progress.failures.elements.map(\.trial) == [1, 3, 4, 5])
        #expect(rig.progress.failures.elements[2].text == "bad gateway")
        #expect(rig.progress.latest.count == 6)
    }

    /// The intervals of the screen are those of the report.
    @Test(arguments: [1, 3]) func intervalsAreTheReports(repeats: Int) throws {
        var rig = ProgressRig(samples: 8, repeats: repeats)
        var builder = ReportBuilder()
        for key in rig.progress.keys {
            builder.plan(key)
            let outcome: TrialOutcome = (key.index * 7) % 5 < 3 ? .right : .wrong
            builder.add(rig.record(key.index, outcome))
            rig.end(key.index, outcome)
        }
        rig.progress.refresh()
        let report = builder.report(
            StoredRun(header: rig.progress.header, state: .running), costs: [], money: RunMoney(), notes: [])
        for (shown, reported) in zip(rig.progress.cells, report.cells) {
            #expect(shown.interval == reported.interval)
            #expect(shown.outputRate == reported.speed.outputRate)
            #expect(reported.method.hasPrefix("clustered") == (repeats > 1))
        }
        // The control: had repeats been taken for independent, the interval would be another.
        let cell = rig.progress.cells[0]
        let naive = Proportion(successes: Int(cell.credit), of: cell.scored)?.wilson()
        #expect((cell.interval == naive) == (repeats == 1))
    }

    @Test func aFailureThatIsTriedAgainGivesWay() {
        var rig = ProgressRig()
        rig.end(0, .infraError)
        #expect(rig.progress.done == 1 && rig.progress.settled == 0)
        rig.end(0, .right)
        #expect(rig.progress.count(.infraError) == 0 && rig.progress.count(.right) == 1 && rig.progress.done == 1)
        rig.end(0, .wrong)
        #expect(rig.progress.count(.right) == 1 && rig.progress.count(.wrong) == 0)
        #expect(rig.progress.cells[0].firstToken.infinite == 0)
    }

    @Test func whatASlotDoes() {
        var rig = ProgressRig()
        rig.begin(0)
        func activity() -> TrialSlot.Activity? { rig.progress.slots[0]?.activity }
        #expect(activity() == .starting)
        let until = rig.now + .seconds(3)
        rig.stream(0, .policy(.held(HoldNotice(cause: .tokens, wait: nil, until: until, ahead: 0))))
        #expect(activity() == .held(.tokens, until: until))
        rig.stream(0, .policy(.attemptStarted(AttemptNotice(number: 1, limit: 6))))
        #expect(activity() == .waiting)
        let error = ProviderError(kind: .rateLimited, status: 429, message: "slow down")
        rig.stream(
            0,
            .policy(
                .retryScheduled(
                    RetryNotice(attempt: 1, limit: 6, error: error, wait: .seconds(3), until: until, basis: .server))))
        #expect(activity() == .backOff(reason: "429 rate limited", until: until, isCircuit: false))
        #expect(rig.progress.retries == 1 && rig.progress.endpoints[0].timesLimited(at: rig.now) == 1)
        #expect(rig.progress.endpoints[1].timesLimited(at: rig.now) == 0)
        rig.stream(0, .policy(.attemptStarted(AttemptNotice(number: 2, limit: 6))))
        #expect(rig.progress.slots[0]?.attempt == 2)
        rig.stream(0, .reasoningDelta("12345678", choice: 0))
        #expect(activity() == .thinking && rig.progress.slots[0]?.reasoningTokens == 2)
        rig.wait(.seconds(1))
        rig.stream(0, .textDelta("hello", choice: 0), .textDelta(" you", choice: 0))
        #expect(activity() == .writing && rig.progress.slots[0]?.text.text == "hello you")
        #expect(rig.progress.slots[0]?.since == rig.now)
        rig.stream(0, .toolCallDelta(ToolCallDelta(index: 0, id: "x", name: "add", argumentsDelta: "{}")))
        #expect(activity() == .calling("add"))
        rig.progress.take(.tools(0, ["add"], at: rig.now))
        #expect(activity() == .tools(["add"]))
        rig.stream(0, turn: 2, .textDelta("again", choice: 0))
        #expect(rig.progress.slots[0]?.turn == 2 && rig.progress.slots[0]?.text.text == "again")
        rig.progress.take(.scoring(0, at: rig.now))
        #expect(activity() == .scoring)
        rig.end(0, .right)
        #expect(rig.progress.slots.isEmpty)
    }

    @Test func theBreakerIsToldByEndpoint() {
        var rig = ProgressRig()
        rig.begin(0, 1)
        rig.stream(1, .policy(.circuit(.opened(for: .seconds(30), failures: 5))))
        let until = rig.now + .seconds(30)
        #expect(rig.progress.endpoints.map(\.breaker) == [.closed, .open(until: until, failures: 5)])
        let error = ProviderError(kind: .circuitOpen, message: "open")
        for trial in [0, 1] {
            rig.stream(
                trial,
                .policy(
                    .retryScheduled(
                        RetryNotice(attempt: 1, limit: 6, error: error, wait: nil, until: until, basis: .circuit))))
        }
        #expect(rig.progress.retries == 0)
        #expect([.breaker("one"), .breaker("two")].contains(rig.progress.estimate(at: rig.now).bound))
        rig.stream(1, .policy(.circuit(.probing)))
        #expect(rig.progress.endpoints[1].breaker == .probing)
        rig.stream(1, .policy(.circuit(.closed)))
        #expect(rig.progress.endpoints[1].breaker == .closed && rig.progress.endpoints[1].openings == 1)
    }

    @Test func comparesWithTheBaseline() {
        // There all of the first subject were right, and none of the second.
        var rig = ProgressRig(samples: 12) { $0.subject == "a" ? 1 : 0 }
        for key in rig.progress.keys { rig.end(key.index, key.subject == "a" ? .wrong : .right) }
        rig.progress.refresh()
        #expect(rig.progress.cells[0].verdict == .worse && rig.progress.cells[0].difference == -1)
        #expect(rig.progress.cells[1].verdict == .better)
        let changes = rig.progress.failures.elements.map(\.change)
        #expect(changes.count { $0 == .regressed } == 12 && changes.count { $0 == .fixed } == 12)
        var same = ProgressRig(samples: 2) { _ in nil }
        same.end(0, .right)
        same.progress.refresh()
        #expect(!same.progress.hasBaseline && same.progress.cells[0].verdict == nil)
    }

    @Test func memoryStaysWithinBounds() {
        var rig = ProgressRig(samples: 5000, concurrency: 64)
        rig.begin(0)
        for _ in 0..<2000 { rig.stream(0, .textDelta(String(repeating: "é", count: 50), choice: 0)) }
        #expect(rig.progress.slots[0]?.text.bytes == 200_000)
        #expect((rig.progress.slots[0]?.text.text.utf8.count ?? .max) <= TailText.most)
        #expect(rig.progress.slots[0]?.text.text.allSatisfy { $0 == "é" } == true)
        for trial in 0..<10_000 {
            rig.wait(.milliseconds(10))
            rig.end(trial, trial % 3 == 0 ? .wrong : .right)
        }
        #expect(rig.progress.done == 10_000 && rig.progress.latest.elements.count <= 250)
        #expect(rig.progress.failures.elements.count <= 250 && rig.progress.failures.count == 3334)
    }
}
