import FunctionTools
import ProviderCore

/// How a trial came back from its task.
enum TrialEnd: Sendable {
    /// It is over, with what it came to.
    case over(TrialRecord, ConcurrencyRules.Ended)
    /// Its next request does not fit into what is left of the run's money. Nothing of that was sent; the trial goes on from here.
    case noMoney(RunningTrial, ProviderError)
    /// It was cut.
    case cut
}

/// What trials may spend.
struct TrialMoney: Sendable {
    /// The caps of every request besides the run's own.
    var caps: [BudgetScope: SpendingCap] = [:]
    /// The run's cap, as it is when a request is sent.
    let run: LiveCap
    /// What the run has cost that the ledger does not know.
    var before = Money.zero
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
        if !trial.isAnswered, trial.asked == nil {
            do { trial.asked = try source.request(of: index) } catch {
                let problem = ProviderError(
                    kind: .invalidRequest, code: Self.suiteCode, message: "\(error)", retryHint: false, fate: .notSent)
                return over(trial, .infraError, error: problem)
            }
        }
        do {
            if !trial.isAnswered { try await converse(&trial, money) }
        } catch let error as ProviderError where !Task.isCancelled {
            return failed(trial, error, money)
        } catch {
            return .cut
        }
        trial.isAnswered = true
        return await scored(trial, money)
    }

    /// A trial of an earlier process whose answer waits for its judge.
    func taken(up record: TrialRecord) -> RunningTrial {
        RunningTrial(record, epoch: epoch)
    }

    /// What is kept of a trial that waits for money when the run ends; nil = nothing was answered yet.
    func waiting(_ trial: RunningTrial) -> TrialRecord? {
        guard let unscored = trial.unscored else { return nil }
        return record(trial, .budget, scores: waiting(trial, unscored.score), error: unscored.error)
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
    }

    private func accounting(_ trial: RunningTrial, _ money: TrialMoney) -> Accounting {
        var caps = money.caps
        if let most = money.trial { caps[.trial] = SpendingCap(hard: most) }
        let purpose = RequestPurpose(trial: trial.key.index, turn: trial.turns)
        return Accounting(
            purpose: .benchmark, run: runID, item: purpose.item, caps: caps, takesLess: money.takesLess,
            runBefore: money.before, runCap: money.run)
    }

    // MARK: Ends

    private func failed(_ trial: RunningTrial, _ error: ProviderError, _ money: TrialMoney) -> TrialEnd {
        switch error.kind {
        case .budgetExceeded where error.isOwnCap:
            // What was asked for, and cut by its own cap, is what the model did with its money.
            return over(trial, error.fate == .notSent && trial.turns == 1 ? .budget : .truncated, error: error)
        case .budgetExceeded where error.fate == .notSent:
            var trial = trial
            trial.takeTurnBack()
            return .noMoney(trial, error)
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
            answer, of: trial.key.index, booked: accounting(trial, money),
            asking: { [waits, index = trial.key.index] control in
                if let control { waits.begin(index, control) } else { waits.end(index) }
            })
        {
            if Task.isCancelled, result.outcome == .scorerError { return .cut }
            if var cause = result.cause {
                cause.message = result.failure ?? cause.message
                return unscored(trial, score, cause)
            }
            return over(trial, result.outcome, scores: [score], failure: result.failure)
        }
        // Nothing says what is right, so nothing is wrong either.
        return over(trial, .answered)
    }

    /// The judge could not be asked. The answer is kept, so that it is scored later; what the judge will say to no other request
    /// either is a fault of the scorer.
    private func unscored(_ trial: RunningTrial, _ score: NamedScore, _ error: ProviderError) -> TrialEnd {
        let scores = waiting(trial, score)
        switch error.kind {
        case .contentFiltered, .contextTooLong:
            return over(trial, .scorerError, scores: [score], failure: error.message)
        case .budgetExceeded where !error.isOwnCap && error.fate == .notSent:
            var trial = trial
            trial.unscored = RunningTrial.Unscored(score: score, error: error)
            return .noMoney(trial, error)
        case .budgetExceeded: return over(trial, .budget, scores: scores, error: error)
        default: return over(trial, .infraError, scores: scores, error: error)
        }
    }

    /// The score that is not there yet. Why calls ended a trial would be lost on the way: such a trial is asked again.
    private func waiting(_ trial: RunningTrial, _ score: NamedScore) -> [NamedScore] {
        guard trial.toolFault == nil else { return [] }
        return [NamedScore(scorer: score.scorer, digest: score.digest, score: nil)]
    }

    private func over(
        _ trial: RunningTrial, _ outcome: TrialOutcome, scores: [NamedScore] = [], failure: String? = nil,
        error: ProviderError? = nil
    ) -> TrialEnd {
        var ended = trial.ended
        ended.hasFailed = ended.hasFailed || error?.isProviderFault == true
        ended.wasLimited = ended.wasLimited || error?.kind == .rateLimited
        return .over(record(trial, outcome, scores: scores, failure: failure, error: error), ended)
    }

    private func record(
        _ trial: RunningTrial, _ outcome: TrialOutcome, scores: [NamedScore], failure: String? = nil,
        error: ProviderError?
    ) -> TrialRecord {
        let response = trial.response
        var messages = trial.keptTranscript ?? trial.request.messages
        let hasAnswer = !response.text.isEmpty || !response.toolCalls.isEmpty || response.refusal != nil
        if trial.keptTranscript == nil, hasAnswer {
            messages.append(response.message)
        }
        let told = [failure, trial.toolFault].compactMap(\.self).first.map {
            ProviderError(kind: .invalidResponse, message: $0, retryHint: false, fate: .interrupted)
        }
        return TrialRecord(
            key: trial.key, outcome: outcome, scores: scores, started: trial.started - epoch,
            ended: clock.now - epoch, turns: trial.turns, toolCalls: trial.calls.count,
            finish: response.finishReason,
            answer: TrialAnswer(text: response.text, refusal: response.refusal, calls: trial.calls),
            transcript: messages, error: error ?? told, timings: trial.timings)
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

extension ProviderError {
    /// Whether it is a cap of the trial or of its request that was reached: other trials have their own.
    var isOwnCap: Bool {
        kind == .budgetExceeded
            && (code == BudgetScope.request.rawValue || code == BudgetScope.trial.rawValue)
    }
}
