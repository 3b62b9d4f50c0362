import Benchmarking
import ProviderCore
import TerminalKit
import TestSupport

@testable import AppUI

/// Drives the screen of a run in a user's terms. Time moves only when told.
final class BenchDriver {
    var model: BenchModel
    var now: ContinuousClock.Instant
    private(set) var effects: [BenchEffect] = []
    let keys: [TrialKey]

    init(samples: Int = 6, isWatched: Bool = false, hasBaseline: Bool = false, keymap: Keymap = Keymap()) {
        var keys: [TrialKey] = []
        for sample in 0..<samples {
            for task in ["arith", "fix"] {
                for subject in ["mini/plain/cold", "mini/reason/warm"] {
                    keys.append(
                        TrialKey(
                            index: keys.count, task: task, sample: "item-\(sample)", subject: subject, repetition: 1))
                }
            }
        }
        self.keys = keys
        let header = RunHeader(
            id: "7qk2m4xr", name: "nightly-code-and-tools", suitePath: "s.yaml", suiteDigest: "", planDigest: "",
            seed: 1, created: 1, version: "1", subjects: ["mini/plain/cold", "mini/reason/warm"],
            tasks: ["arith", "fix"], planned: keys.count, budget: Money("5"))
        var baseline: [RunProgress.BaselineKey: Double] = [:]
        if hasBaseline { for key in keys { baseline[RunProgress.BaselineKey(key)] = key.index % 3 == 0 ? 1 : 0 } }
        now = ContinuousClock.now
        let progress = RunProgress(
            RunProgress.Setup(
                header: header, keys: keys,
                endpoints: ["mini/plain/cold": "openai gpt-5.4-mini", "mini/reason/warm": "local qwen"],
                concurrency: 4, baseline: baseline), at: now)
        model = BenchModel(BenchScreen(progress, isWatched: isWatched), keys: keymap, now: now)
    }

    func send(_ event: BenchEvent) { effects = BenchFeature.update(&model, event, now: now) }

    func press(_ keys: Character...) {
        for key in keys { send(.input(.key(.character(key)))) }
    }

    func press(key: Key) { send(.input(.key(KeyChord(key)))) }

    func press(_ chord: KeyChord) { send(.input(.key(chord))) }

    func type(_ text: String) {
        for character in text { press(character) }
    }

    func wait(_ time: Duration) {
        now += time
        send(.tick(now))
    }

    func begin(_ trials: Int...) {
        for trial in trials { send(.run(.started(trial, at: now))) }
    }

    func stream(_ trial: Int, _ events: StreamEvent...) {
        send(.run(.streamed(trial, turn: 1, events, at: now)))
    }

    func end(_ trial: Int, _ outcome: TrialOutcome, _ text: String = "") {
        let timeline = StreamTimeline([
            TimelineEvent(.text, microseconds: 410_000), TimelineEvent(.text, microseconds: 1_410_000),
        ])
        let timing = RequestTiming(
            sent: .zero, ended: .seconds(2), timeline: timeline, usage: TokenUsage(inputTokens: 120, outputTokens: 88))
        let score = Score(value: outcome == .right ? 1 : 0, passes: outcome == .right, explanation: text)
        let isFault = outcome == .infraError
        let record = TrialRecord(
            key: keys[trial], outcome: outcome,
            scores: outcome.isScored ? [NamedScore(scorer: "number", digest: "", score: score)] : [],
            started: .zero, ended: .seconds(2), turns: 1,
            transcript: [ChatMessage(.user, "What is 6 * 7?"), ChatMessage(.assistant, "It is 41.")],
            error: isFault ? ProviderError(kind: .server, status: 502, message: text) : nil,
            timings: isFault ? [] : [TurnTiming(turn: 1, timing: timing)])
        send(.run(.ended(record, at: now)))
    }

    func screen(_ width: Int, _ height: Int) -> String {
        BenchFeature.view(&model, size: Size(width: width, height: height)).text
    }

    var commands: [RunCommand] {
        effects.compactMap { if case .send(let command) = $0 { command } else { nil } }
    }

    var reads: Int? {
        effects.lazy.compactMap { if case .readTrial(let trial) = $0 { trial } else { nil } }.first
    }

    var quits: Bool {
        effects.contains { if case .loop(.quit) = $0 { true } else { false } }
    }

    /// A run in its middle: some of everything.
    static func middle(isWatched: Bool = false, hasBaseline: Bool = false) -> BenchDriver {
        let driver = BenchDriver(isWatched: isWatched, hasBaseline: hasBaseline)
        let outcomes: [TrialOutcome] = [.right, .wrong, .right, .truncated, .infraError, .right, .wrong, .right]
        for (trial, outcome) in outcomes.enumerated() {
            driver.begin(trial)
            driver.stream(trial, .textDelta(String(repeating: "word ", count: 40 + trial * 7), choice: 0))
            driver.wait(.seconds(2))
            let text = outcome == .infraError ? "bad gateway" : outcome == .wrong ? "42 is expected, and it is 41" : ""
            driver.end(trial, outcome, text)
        }
        driver.begin(8, 9, 10, 11)
        driver.stream(8, .policy(.attemptStarted(AttemptNotice(number: 1, limit: 6))))
        driver.stream(9, .reasoningDelta(String(repeating: "hm ", count: 50), choice: 0))
        let error = ProviderError(kind: .rateLimited, status: 429, message: "slow down")
        driver.stream(
            10,
            .policy(
                .retryScheduled(
                    RetryNotice(
                        attempt: 1, limit: 6, error: error, wait: .seconds(4), until: driver.now + .seconds(4),
                        basis: .server))))
        driver.stream(11, .textDelta("The answer is\n**forty-two**, since", choice: 0))
        let dollars = { (cents: Int128) in Money(picodollars: cents * 10_000_000_000) }
        driver.send(
            .money(
                RunMoney(requests: 9, open: 4, spent: dollars(31), held: dollars(7)),
                driver.model.screen.progress.cells.enumerated().map { index, cell in
                    RunCosts(
                        task: cell.task, subject: cell.subject,
                        money: RunMoney(requests: 2, spent: dollars(Int128(4 + index * 3))))
                }))
        driver.send(.client(ClientHealth(lag: .microseconds(300), load: 0.04)))
        driver.wait(.milliseconds(1500))
        return driver
    }
}
