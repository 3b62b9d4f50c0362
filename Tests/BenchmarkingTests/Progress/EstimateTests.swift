import ProviderCore
import Statistics
import Testing

@testable import Benchmarking

/// When a run will be over, what binds it, and what it will cost.
@Suite struct EstimateTests {
    @Test func theTimeThatIsLeftFollowsThePace() throws {
        var rig = ProgressRig(samples: 50)
        #expect(rig.progress.estimate(at: rig.now).left == nil)
        for trial in 0..<40 {
            rig.begin(trial)
            rig.wait(.seconds(1))
            rig.end(trial, .right)
        }
        // 60 are left, one a second.
        let estimate = rig.progress.estimate(at: rig.now)
        let left = try #require(estimate.left)
        #expect(abs(left.inSeconds - 60) < 0.1)
        let spread = try #require(estimate.spread)
        #expect(abs(spread.inSeconds - 60 * 1.645 * (1 / 60.0 + 1 / 40.0).squareRoot()) < 0.1)
        // A run that stands still becomes slower.
        rig.wait(.seconds(40))
        #expect((rig.progress.estimate(at: rig.now).left ?? .zero).inSeconds > 115)
    }

    private func bound(_ rig: ProgressRig) -> RunEstimate.Bound? { rig.progress.estimate(at: rig.now).bound }

    @Test func whatBindsIt() {
        var rig = ProgressRig()
        #expect(bound(rig) == .starting)
        rig.begin(0, 1, 2, 3)
        #expect(bound(rig) == .concurrency(4))
        rig.stream(0, .policy(.held(HoldNotice(cause: .tokens, wait: nil, until: nil, ahead: 1))))
        #expect(bound(rig) == .limiter(.tokens))
        rig.progress.take(.postponed(3))
        #expect(bound(rig) == .budget)
        rig.begin(3)
        rig.progress.take(.paused(true, at: rig.now))
        #expect(bound(rig) == .paused && rig.progress.phase == .paused)
        rig.progress.take(.paused(false, at: rig.now))
        rig.progress.take(.concurrency(.init(from: 4, to: 8, reason: "set by hand"), at: rig.now))
        #expect(rig.progress.limit == 8)
        rig.begin(4, 5, 6, 7)
        rig.stream(0, .textDelta("x", choice: 0))
        #expect(bound(rig) == .lastTrials)
        rig.progress.take(.stopping(.interrupted, "by hand"))
        #expect(bound(rig) == .stopping)
        rig.progress.end(RunResult(state: .incomplete, stop: .interrupted, worked: .zero), at: rig.now)
        #expect(bound(rig) == nil && rig.progress.slots.isEmpty)
    }

    /// Trials of one row cost 1 cent each and always the same, those of the other 3 with a spread.
    @Test func theForecastIsTheMeanOfWhatIsKnown() throws {
        var rig = ProgressRig(samples: 10)
        #expect(rig.progress.forecast() == nil)
        let cent = Int128(10_000_000_000)
        for trial in 0..<8 { rig.end(trial, .right, tokens: trial % 2 == 0 ? 100 : 50 + trial * 20) }
        let costs = [
            RunCosts(task: "t", subject: "a", money: RunMoney(requests: 4, spent: Money(picodollars: 4 * cent))),
            RunCosts(task: "t", subject: "b", money: RunMoney(requests: 4, spent: Money(picodollars: 12 * cent))),
        ]
        rig.progress.take(RunMoney(requests: 8, spent: Money(picodollars: 16 * cent)), costs: costs)
        let forecast = try #require(rig.progress.forecast())
        // 6 of each are left.
        #expect(forecast.expected == Money(picodollars: (16 + 6 + 18) * cent))
        #expect(forecast.p90 > forecast.expected && forecast.p90 < Money(picodollars: 80 * cent))
        rig.progress.take(RunMoney(requests: 8, unpriced: 1), costs: [])
        #expect(rig.progress.forecast() == nil)
    }

    @Test func windowsForget() {
        let start = ContinuousClock.now
        var window = RateWindow(buckets: 3, width: .seconds(1))
        #expect(window.values(at: start).isEmpty)
        for second in 0..<5 { window.add(second + 1, at: start + .seconds(second)) }
        #expect(window.values(at: start + .seconds(4)) == [3, 4])
        #expect(window.sum(at: start + .seconds(4)) == 12)
        window.add(100, at: start)
        #expect(window.sum(at: start + .seconds(4)) == 12)
        #expect(window.values(at: start + .seconds(6)) == [5, 0])
        #expect(window.values(at: start + .seconds(60)) == [0, 0])
    }

    @Test func latenciesAreWithinAPerCent() throws {
        var histogram = LatencyHistogram()
        for value in 1...100 { histogram.add(Double(value) / 100) }
        let median = try #require(histogram.quantile(0.5))
        #expect(abs(median - 0.5) < 0.0051)
        let high = try #require(histogram.quantile(0.95))
        #expect(abs(high - 0.95) < 0.0096)
        #expect(histogram.quantile(0.99) == nil)
        for _ in 0..<10 { histogram.add(nil) }
        #expect(histogram.quantile(0.95) == .infinity)
        #expect(LatencyHistogram().quantile(0.5) == nil)
    }

    @Test func newsOfAnotherProcess() {
        var rig = ProgressRig()
        let header = rig.progress.header
        var news = RunNews(
            run: StoredRun(header: header, state: .running, worked: .seconds(30), isHeld: true),
            trials: [rig.record(0, .right), rig.record(1, .infraError)], money: RunMoney(requests: 3, open: 1),
            notes: [RunNote(at: .seconds(3), kind: "concurrency", text: "4 to 8: a round without trouble")],
            open: [
                RequestRecord(
                    start: RequestStart(
                        purpose: RequestPurpose(trial: 2, turn: 1), attempt: 2, model: "m", endpoint: "e",
                        inputTokens: 1, worst: nil, sent: 8000), state: .open)
            ], read: 10_000)
        rig.progress.take(news, isFirst: true, at: rig.now)
        #expect(rig.progress.resumed == 2 && rig.progress.limit == 8 && rig.progress.slots.count == 1)
        #expect(rig.progress.slots[2]?.activity == .open && rig.progress.slots[2]?.since == rig.now - .seconds(2))
        #expect(rig.progress.elapsed(at: rig.now + .seconds(5)) == .seconds(35))
        rig.wait(.seconds(2))
        news.notes.append(RunNote(at: .seconds(31), kind: "paused", text: "by hand"))
        (news.trials, news.open) = ([rig.record(1, .right)], [])
        rig.progress.take(news, isFirst: false, at: rig.now)
        #expect(
            rig.progress.phase == .paused && rig.progress.count(.right) == 2 && rig.progress.count(.infraError) == 0)
        news.run.isHeld = false
        rig.progress.take(news, isFirst: false, at: rig.now)
        #expect(rig.progress.phase == .ended(.incomplete, nil, reason: "its process is gone"))
    }
}
