import Benchmarking
import FunctionTools
import ProviderCore
import Synchronization
import TestSupport

/// What tests of the runner share: trials whose answers a closure makes, a run in memory, and what was observed.
struct RunnerRig {
    /// Trials that ask one provider, and are scored by whether the answer is `ok`.
    struct Source: TrialSource {
        var trials: [TrialKey]
        var asked: any AIProvider
        var tools: ToolLoop?
        var scorer: (@Sendable (AnswerToScore, Int) async -> ScoreResult)?
        var makeRequest: @Sendable (Int) throws -> ChatRequest
        var limiter: RateLimiter?

        func hold(to caps: RateCaps) { limiter?.hold(to: caps) }
        func request(of trial: Int) throws -> ChatRequest { try makeRequest(trial) }
        func provider(of trial: Int) -> any AIProvider { asked }
        func loop(of trial: Int) -> ToolLoop? { tools }
        func endpoint(of trial: Int) -> String { "endpoint" }

        func score(
            _ answer: AnswerToScore, of trial: Int, booked: Accounting,
            asking: @escaping @Sendable (CallControl?) -> Void
        ) async -> (result: ScoreResult, score: NamedScore)? {
            guard let scorer else { return nil }
            let result = await scorer(answer, trial)
            return (result, NamedScore(scorer: "test", digest: "d", score: result.score))
        }
    }

    var source: Source
    let store: any RunStore
    let clock: any MonotonicClock
    let seen = Seen()

    init(
        _ count: Int, clock: any MonotonicClock = TestClock(), tools: ToolLoop? = nil,
        scorer: (@Sendable (AnswerToScore, Int) async -> ScoreResult)? = RunnerRig.isOK,
        request: @escaping @Sendable (Int) throws -> ChatRequest = RunnerRig.ask, provider: any AIProvider
    ) async throws {
        let keys = (0..<count).map {
            TrialKey(index: $0, task: "t", sample: "s\($0)", subject: "a", repetition: 1)
        }
        source = Source(
            trials: keys, asked: provider, tools: tools, scorer: scorer, makeRequest: request)
        let header = RunHeader(
            id: "run1", name: "n", suitePath: "s.yaml", suiteDigest: "", planDigest: "", seed: 1, created: 1,
            version: "1", subjects: ["a"], tasks: ["t"], planned: count)
        store = try await MemoryRunLibrary().create(header, files: [], trials: keys)
        _ = try await store.claim()
        self.clock = clock
    }

    static let ask: @Sendable (Int) throws -> ChatRequest = { trial in
        ChatRequest(model: "m", messages: [ChatMessage(.user, "trial \(trial)")])
    }

    static let isOK: @Sendable (AnswerToScore, Int) async -> ScoreResult = { answer, _ in
        if answer.refusal != nil { return ScoreResult(outcome: .refused, score: Score(value: 0, passes: false)) }
        if answer.toolFault != nil { return ScoreResult(outcome: .toolError, score: Score(value: 0, passes: false)) }
        let isRight = answer.text == "ok"
        let outcome: TrialOutcome = isRight ? .right : answer.finishReason == .length ? .truncated : .wrong
        return ScoreResult(outcome: outcome, score: Score(value: 0, passes: isRight))
    }

    func runner(
        concurrency: Int = 1, adapts: Bool = false, most: Int? = nil, trials: [Int]? = nil,
        store: (any RunStore)? = nil, unbooked: Money = .zero, _ budget: (inout RunSettings.Budget) -> Void = { _ in }
    ) -> BenchmarkRunner {
        var limits = RunSettings.Concurrency()
        limits.start = concurrency
        limits.most = most ?? concurrency
        limits.adapts = adapts
        var cap = RunSettings.Budget()
        budget(&cap)
        let plan = BenchmarkRunner.Plan(
            runID: "run1", trials: trials ?? Array(source.trials.indices), concurrency: limits, budget: cap,
            unbooked: unbooked)
        return BenchmarkRunner(plan, source: source, store: store ?? self.store, clock: clock) { [seen] in
            seen.add($0)
        }
    }

    /// What the trials came to, by number.
    func outcomes() async throws -> [TrialOutcome] {
        try await store.trials(from: 0, limit: 10_000, withTexts: false).map(\.outcome)
    }

    /// Numbers of trials in the order in which they began.
    /// As tasks came to it: those that run at once begin in any order.
    var begun: [Int] { seen.all.compactMap { if case .started(let trial, _) = $0 { trial } else { nil } } }

    /// Numbers of trials that did not fit into the money.
    var postponed: [Int] { seen.all.compactMap { if case .postponed(let trial) = $0 { trial } else { nil } } }

    /// Limits of concurrency and why.
    var changes: [String] {
        seen.all.compactMap {
            if case .concurrency(let change, _) = $0 { "\(change.to) \(change.reason)" } else { nil }
        }
    }
}

extension ChatRequest {
    /// The number in `trial N`.
    var trialNumber: Int {
        messages.lazy.compactMap { message in
            let text = message.text
            guard text.hasPrefix("trial ") else { return nil }
            return Int(text.dropFirst(6))
        }.first ?? -1
    }
}

extension ClosureProvider.Answer {
    /// An answer of this text.
    static func text(_ text: String, finish: FinishReason = .stop, output: Int = 2) -> Self {
        Self([
            [.responseStarted(ResponseMetadata(id: "r", model: "m"))],
            [
                .textDelta(text, choice: 0), .finished(finish, choice: 0),
                .usage(TokenUsage(inputTokens: 10, outputTokens: output)),
            ],
        ])
    }
}

/// Holds requests back until a test lets them go, by the number of their trial.
final class Stage: Sendable {
    private struct State {
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var cancelled: Set<Int> = []
        var isOpen = false
        var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []

        mutating func ready() -> [CheckedContinuation<Void, Never>] {
            let ready = watchers.filter { $0.count <= waiting.count }.map(\.wake)
            watchers.removeAll { $0.count <= waiting.count }
            return ready
        }
    }

    private let state = Mutex(State())

    /// Those who wait.
    var waiting: Set<Int> { state.withLock { Set($0.waiting.keys) } }

    /// Waits for its turn.
    func enter(_ trial: Int) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (isCancelled, isOpen, ready) = state.withLock { state in
                    if state.cancelled.remove(trial) != nil {
                        return (true, false, [CheckedContinuation<Void, Never>]())
                    }
                    if !state.isOpen { state.waiting[trial] = continuation }
                    return (false, state.isOpen, state.ready())
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
                if !isCancelled, isOpen { continuation.resume() }
                for wake in ready { wake.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiting.removeValue(forKey: trial)
                if waiter == nil { state.cancelled.insert(trial) }
                return waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Returns when so many wait.
    func wait(for count: Int) async {
        await withCheckedContinuation { wake in
            let ready = state.withLock { state in
                state.watchers.append((count, wake))
                return state.ready()
            }
            for wake in ready { wake.resume() }
        }
    }

    /// Lets one go.
    func release(_ trial: Int) { state.withLock { $0.waiting.removeValue(forKey: trial) }?.resume() }

    /// From now on nobody waits.
    func open() { state.withLock { $0.isOpen = true } }

    /// A provider that answers `ok` when the test says so.
    var provider: ClosureProvider {
        ClosureProvider { request, _ in
            try await self.enter(request.trialNumber)
            return .text("ok")
        }
    }
}

/// What a runner told.
final class Seen: Sendable {
    private let events = Mutex<[RunEvent]>([])

    var all: [RunEvent] { events.withLock(\.self) }

    func add(_ event: RunEvent) { events.withLock { $0.append(event) } }
}
