import FunctionTools
import ProviderCore

/// How a trial came back from its task.
enum TrialEnd: Sendable {
    /// It is over, with what it came to.
    case over(TrialRecord, ConcurrencyRules.Ended)
    /// Its next request does not fit into what is left of the run's money. Nothing of that was sent; the trial goes on from here.
    case noMoney(RunningTrial, String)
    /// It was cut.
    case cut
}

/// What trials may spend.
struct TrialMoney: Sendable, Hashable {
    /// The caps of every request besides the run's own.
    var caps: [BudgetScope: SpendingCap] = [:]
    /// The run's cap; nil = none.
    var run: Money?
    /// The cap of one trial; nil = none.
    var trial: Money?
    /// Whether an answer may be shortened where the run's money is short: when no other trial holds any that will be free again.
    var takesLess = true
}

/// Runs one trial: asks, answers calls, asks again, and has the last answer scored.
struct TrialRunner: Sendable {
    let source: any TrialSource
    let runID: String
    let clock: any MonotonicClock
    /// When the run began; a resumed one began so much earlier as it has worked.
    let epoch: ContinuousClock.Instant
    /// Ends the waits of trials when the run stops.
    let waits: TrialWaits
    let observe: @Sendable (RunEvent) -> Void
    /// Told when the breaker of a trial's endpoint opens, with the failure that opened it, and when the endpoint answers.
    let circuit: @Sendable (Int, CircuitNotice, ProviderError?) -> Void

    /// Runs a trial, or goes on with one that waited for money.
    func run(_ index: Int, from begun: RunningTrial? = nil, within money: TrialMoney) async -> TrialEnd {
        var trial = begun ?? RunningTrial(key: source.trials[index], started: clock.now)
        observe(.started(index, at: clock.now))
        if trial.asked == nil {
            do { trial.asked = try source.request(of: index) } catch {
                let problem = ProviderError(
                    kind: .invalidRequest, code: Self.suiteCode, message: "\(error)", retryHint: false, fate: .notSent)
                return over(trial, .infraError, error: problem)
            }
        }
        do {
            try await converse(&trial, money)
        } catch let error as ProviderError where !Task.isCancelled {
            return failed(trial, error, money)
        } catch {
            return .cut
        }
        return await scored(trial, money)
    }

    /// The code of an error that is the suite's: no request could be made of it.
    static let suiteCode = "suite"

    // MARK: Asking

    /// Exchanges until an answer has no calls that can be answered.
    private func converse(_ trial: inout RunningTrial, _ money: TrialMoney) async throws {
        let loop = source.loop(of: trial.key.index)
        while true {
            try await exchange(&trial, money)
            trial.calls += trial.response.orderedCalls
            guard let loop else { return }
            if !trial.response.toolCalls.isEmpty {
                observe(.tools(trial.key.index, trial.response.orderedCalls.map(\.name), at: clock.now))
            }
            let isParallel = trial.request.parallelToolCalls != false
            switch await loop.step(after: trial.response, turn: trial.turns, isParallel: isParallel) {
            case .finished, .cutOff: return
            case .needsPerson(let names):
                trial.toolFault = "nobody is there to answer \(names.joined(separator: ", "))"
                return
            case .tooManyTurns(let limit):
                trial.toolFault = "still calling after \(limit) turn\(limit == 1 ? "" : "s")"
                return
            case .answered(let calls):
                try Task.checkCancellation()
                trial.request.messages += ToolLoop.messages(after: trial.response, calls)
                if trial.request.toolChoice?.forcesCall == true { trial.request.toolChoice = nil }
            }
        }
    }

    private func exchange(_ trial: inout RunningTrial, _ money: TrialMoney) async throws {
        trial.turns += 1
        trial.response = ChatResponse()
        var request = trial.request
        request.tellsArrivals = true
        request.accounting = accounting(trial, money)
        var recorder = TimelineRecorder()
        var watch = CircuitWatch()
        let index = trial.key.index
        defer { trial.note(recorder, since: epoch) }
        do {
            let stream = try await source.provider(of: index).stream(request)
            waits.begin(index, stream.control)
            defer { waits.end(index) }
            var batches = stream.batches()
            while let events = try await batches.nextBatch() {
                let now = clock.now
                recorder.take(events, at: now)
                for event in events {
                    trial.take(event)
                    if let (notice, error) = watch.take(event) { circuit(index, notice, error) }
                }
                observe(.streamed(index, turn: trial.turns, events, at: now))
            }
        } catch let error as ProviderError {
            trial.isTurnFailed = true
            if let notice = watch.opening { circuit(index, notice, error) }
            throw error
        }
        if trial.response.finishReason == .contentFilter { trial.response.toolCalls = [] }
        if let cost = source.cost(of: trial.response.usage, trial.response.metadata, trial: index) {
            trial.spent += cost
        }
    }

    private func accounting(_ trial: RunningTrial, _ money: TrialMoney) -> Accounting {
        var caps = money.caps
        if let run = money.run { caps[.run, default: SpendingCap()].hard = run }
        if let most = money.trial {
            let left = max(.zero, most - trial.spent)
            caps[.request, default: SpendingCap()].hard = min(left, caps[.request]?.hard ?? left)
        }
        let purpose = RequestPurpose(trial: trial.key.index, turn: trial.turns)
        return Accounting(
            purpose: .benchmark, run: runID, item: purpose.item, caps: caps, takesLess: money.takesLess)
    }

    // MARK: Ends

    private func failed(_ trial: RunningTrial, _ error: ProviderError, _ money: TrialMoney) -> TrialEnd {
        switch error.kind {
        case .budgetExceeded where error.code == BudgetScope.request.rawValue:
            // What was asked for, and cut by its own cap, is what the model did with its money.
            return over(trial, error.fate == .notSent && trial.turns == 1 ? .budget : .truncated, error: error)
        case .budgetExceeded where error.fate == .notSent:
            var trial = trial
            trial.takeTurnBack()
            return .noMoney(trial, error.message)
        case .budgetExceeded: return over(trial, .budget, error: error)
        case .contentFiltered: return over(trial, .refused, error: error)
        case .contextTooLong: return over(trial, .truncated, error: error)
        default: return over(trial, .infraError, error: error)
        }
    }

    private func scored(_ trial: RunningTrial, _ money: TrialMoney) async -> TrialEnd {
        observe(.scoring(trial.key.index, at: clock.now))
        let response = trial.response
        let answer = AnswerToScore(
            text: response.text, refusal: response.refusal, finishReason: response.finishReason, calls: trial.calls,
            toolFault: trial.toolFault)
        if let (result, score) = await source.score(
            answer, of: trial.key.index, booked: accounting(trial, money))
        {
            if Task.isCancelled, result.outcome == .scorerError { return .cut }
            return over(trial, result.outcome, scores: [score], failure: result.failure)
        }
        // Nothing says what is right, so nothing is wrong either.
        return over(trial, .answered)
    }

    private func over(
        _ trial: RunningTrial, _ outcome: TrialOutcome, scores: [NamedScore] = [], failure: String? = nil,
        error: ProviderError? = nil
    ) -> TrialEnd {
        let response = trial.response
        var messages = trial.request.messages
        if !response.text.isEmpty || !response.toolCalls.isEmpty || response.refusal != nil {
            messages.append(response.message)
        }
        let told = [failure, trial.toolFault].compactMap(\.self).first.map {
            ProviderError(kind: .invalidResponse, message: $0, retryHint: false, fate: .interrupted)
        }
        let record = TrialRecord(
            key: trial.key, outcome: outcome, scores: scores, started: trial.started - epoch,
            ended: clock.now - epoch, turns: trial.turns, toolCalls: trial.calls.count,
            finish: response.finishReason,
            answer: TrialAnswer(text: response.text, refusal: response.refusal, calls: trial.calls),
            transcript: messages, error: error ?? told, timings: trial.timings)
        var ended = trial.ended
        ended.hasFailed = ended.hasFailed || error?.isProviderFault == true
        ended.wasLimited = ended.wasLimited || error?.kind == .rateLimited
        return .over(record, ended)
    }
}

/// What the stream of a turn says of its endpoint's breaker: that it opened is told with the failure, which comes after it.
private struct CircuitWatch {
    private(set) var opening: CircuitNotice?
    private var hasContent = false

    mutating func take(_ event: StreamEvent) -> (CircuitNotice, ProviderError?)? {
        switch event {
        case .policy(.circuit(.opened(let time, let failures))):
            opening = .opened(for: time, failures: failures)
            return nil
        case .policy(.retryScheduled(let notice)):
            defer { opening = nil }
            return opening.map { ($0, notice.error) }
        case .policy: return nil
        default:
            guard !hasContent, event.isContent else { return nil }
            hasContent = true
            return (.closed, nil)
        }
    }
}
