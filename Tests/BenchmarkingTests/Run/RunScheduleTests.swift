import ProviderCore
import Testing

@testable import Benchmarking

/// Which trial begins when, and when a run is over.
@Suite struct RunScheduleTests {
    private let now = ContinuousClock.now

    private func schedule(_ count: Int, _ limit: Int) -> RunSchedule {
        RunSchedule(waiting: Array(0..<count), concurrency: ConcurrencyRules(start: limit, most: limit, adapts: false))
    }

    private func over(_ outcome: TrialOutcome, _ kind: ProviderError.Kind? = nil, code: String? = nil) -> TrialEnd {
        let key = TrialKey(index: 0, task: "t", sample: "s", subject: "a", repetition: 1)
        let error = kind.map { ProviderError(kind: $0, code: code, message: "because", fate: .refused) }
        return .over(
            TrialRecord(key: key, outcome: outcome, started: .zero, ended: .zero, error: error), .init())
    }

    private func noMoney(_ trial: Int) -> TrialEnd {
        let key = TrialKey(index: trial, task: "t", sample: "s", subject: "a", repetition: 1)
        let error = ProviderError(kind: .budgetExceeded, message: "no money for \(trial)", fate: .notSent)
        return .noMoney(RunningTrial(key: key, started: now), error)
    }

    @discardableResult
    private func take(_ end: TrialEnd, _ trial: Int, _ schedule: inout RunSchedule, endpoint: String = "e")
        -> ConcurrencyRules.Change?
    { schedule.take(end, of: trial, endpoint: endpoint, at: now) }

    @Test func trialsBeginInTheirOrder() {
        var schedule = schedule(5, 2)
        #expect(schedule.begin() == [0, 1])
        #expect(schedule.begin() == [])
        take(over(.right), 1, &schedule)
        #expect(schedule.begin() == [2])
        take(over(.wrong), 0, &schedule)
        take(over(.right), 2, &schedule)
        #expect(schedule.begin() == [3, 4])
        take(over(.right), 3, &schedule)
        take(over(.right), 4, &schedule)
        #expect(schedule.isOver && schedule.isComplete)
    }

    @Test func anEmptyRunIsOver() { #expect(schedule(0, 4).isOver) }

    @Test func whoFoundNoMoneyGoesFirstWhenThereIsSome() {
        var schedule = schedule(6, 4)
        #expect(schedule.begin() == [0, 1, 2, 3])
        take(noMoney(3), 3, &schedule)
        take(noMoney(1), 1, &schedule)
        #expect(schedule.begin() == [])
        #expect(schedule.left == 4)
        take(over(.right), 0, &schedule)
        #expect(schedule.begin() == [1, 3, 4])
    }

    /// When nothing holds money and several do not fit, one alone may have all of it; only when that is too little, too, it is over.
    @Test func aloneATrialIsTriedOnceMore() {
        var schedule = schedule(3, 2)
        #expect(schedule.begin() == [0, 1])
        #expect(!schedule.isAlone)
        take(noMoney(0), 0, &schedule)
        take(noMoney(1), 1, &schedule)
        #expect(schedule.stop == nil)
        #expect(schedule.begin() == [0])
        #expect(schedule.isAlone)
        take(noMoney(0), 0, &schedule)
        #expect(schedule.stop?.why == .budget)
        #expect(schedule.stop?.reason == "no money for 0")
        #expect(schedule.begin() == [] && schedule.isOver && schedule.left == 3)
    }

    @Test func aHigherCapFreesThoseWhoWait() {
        var schedule = schedule(3, 2)
        _ = schedule.begin()
        take(noMoney(1), 1, &schedule)
        #expect(schedule.begin() == [])
        schedule.raiseBudget()
        #expect(schedule.begin() == [1])
    }

    @Test func pausedNothingBegins() {
        var schedule = schedule(3, 2)
        schedule.pause(true)
        #expect(schedule.begin() == [] && !schedule.isOver)
        schedule.pause(false)
        #expect(schedule.begin() == [0, 1])
    }

    @Test func theFirstReasonCounts() {
        var schedule = schedule(3, 2)
        _ = schedule.begin()
        schedule.end(.time, "time")
        schedule.end(.interrupted, "hand")
        #expect(schedule.stop?.reason == "time" && !schedule.isOver)
        take(over(.right), 0, &schedule)
        take(.cut, 1, &schedule)
        #expect(schedule.isOver && !schedule.isComplete && schedule.lost == 1)
    }

    @Test func aStopThatCameTooLateIsNone() {
        var schedule = schedule(1, 2)
        _ = schedule.begin()
        schedule.end(.interrupted, "hand")
        take(over(.right), 0, &schedule)
        #expect(schedule.isOver && schedule.isComplete)
    }

    @Test(
        arguments: [
            (.authentication, nil, .endpoint), (.permission, nil, .endpoint), (.notFound, nil, .endpoint),
            (.quotaExceeded, nil, .endpoint), (.budgetExceeded, "day", .budget), (.budgetExceeded, "request", nil),
            (.cancelled, "storage", .storage), (.server, nil, nil), (.rateLimited, nil, nil),
            (.invalidRequest, nil, nil),
        ] as [(ProviderError.Kind, String?, RunStop?)])
    func someFailuresEndARunAtOnce(kind: ProviderError.Kind, code: String?, stop: RunStop?) {
        var schedule = schedule(9, 1)
        _ = schedule.begin()
        take(over(kind == .budgetExceeded ? .budget : .infraError, kind, code: code), 0, &schedule)
        #expect(schedule.stop?.why == stop)
        #expect(schedule.unsettled == 1)
        #expect(schedule.unsettledReason == "because")
    }

    @Test func manyFailuresInARowEndARun() {
        for (limit, needed) in [(1, 8), (20, 20)] {
            var schedule = schedule(100, limit)
            _ = schedule.begin()
            for _ in 1..<needed { take(over(.infraError, .server), 0, &schedule) }
            #expect(schedule.stop == nil)
            take(over(.right), 0, &schedule)
            for _ in 1..<needed { take(over(.infraError, .server), 0, &schedule) }
            #expect(schedule.stop == nil)
            take(over(.infraError, .server), 0, &schedule)
            #expect(schedule.stop?.why == .endpoint)
            #expect(schedule.stop?.reason == "\(needed) trials in a row failed: because")
            #expect(schedule.stop?.error?.kind == .server)
        }
    }

    /// A sample whose template cannot be filled is no failure of the endpoint.
    @Test func faultsOfTheSuiteDoNotEndARun() {
        var schedule = schedule(100, 1)
        _ = schedule.begin()
        for _ in 0..<20 { take(over(.infraError, .invalidRequest, code: TrialRunner.suiteCode), 0, &schedule) }
        #expect(schedule.stop == nil && schedule.unsettled == 20)
    }

    @Test func answersThatNobodyCanScoreEndARun() {
        var schedule = schedule(100, 1)
        _ = schedule.begin()
        for _ in 0..<7 { take(over(.scorerError, .invalidResponse), 0, &schedule) }
        take(over(.wrong), 0, &schedule)
        for _ in 0..<7 { take(over(.scorerError, .invalidResponse), 0, &schedule) }
        #expect(schedule.stop == nil)
        take(over(.scorerError, .invalidResponse), 0, &schedule)
        #expect(schedule.stop?.reason == "8 trials in a row could not be scored: because")
        #expect(schedule.unsettled == 0)
    }

    @Test func aBreakerThatOpensBeforeTheFirstAnswerEndsARun() {
        let error = ProviderError(kind: .connection, message: "refused")
        var schedule = schedule(10, 2)
        _ = schedule.begin()
        schedule.take(.probing, endpoint: "e", error: nil)
        #expect(schedule.stop == nil)
        schedule.take(.opened(for: .seconds(30), failures: 5), endpoint: "e", error: error)
        #expect(schedule.stop?.why == .endpoint)
        #expect(schedule.stop?.reason == "the endpoint does not answer (5 failures in a row): refused")
        #expect(schedule.stop?.error == error)
    }

    @Test func anEndpointThatAnsweredMayFailForAWhile() {
        var schedule = schedule(10, 2)
        _ = schedule.begin()
        schedule.take(.closed, endpoint: "e", error: nil)
        for _ in 0..<2 { schedule.take(.opened(for: .seconds(30), failures: 5), endpoint: "e", error: nil) }
        // Another endpoint's trouble is its own, and an answer between starts the count anew.
        schedule.take(.closed, endpoint: "f", error: nil)
        schedule.take(.opened(for: .seconds(30), failures: 5), endpoint: "f", error: nil)
        #expect(schedule.stop == nil)
        take(over(.right), 0, &schedule, endpoint: "e")
        for _ in 0..<2 { schedule.take(.opened(for: .seconds(30), failures: 5), endpoint: "e", error: nil) }
        #expect(schedule.stop == nil)
        schedule.take(.opened(for: .seconds(30), failures: 5), endpoint: "e", error: nil)
        #expect(schedule.stop?.why == .endpoint)
    }
}
