import Benchmarking
import ProviderCore
import Statistics
import Testing

/// The classic mistakes of measuring streams, one test each. Numbers are those of the design's list.
@Suite struct MistakeTests {
    /// 1. Ten requests a second for a minute, one worker of 0.05 s each, one stall of ten seconds: timed from sending nothing
    /// happened; timed from the plan, a third of the requests waited.
    @Test func coordinatedOmissionIsSeenFromTheSchedule() throws {
        var free = Duration.zero
        let requests = (0..<600).map { number in
            let scheduled = Duration.milliseconds(100 * number)
            let sent = max(scheduled, free)
            free = sent + .milliseconds(number == 200 ? 10_050 : 50)
            return request(scheduled: scheduled, sent: sent, took: free - sent)
        }
        let fromSending = try LatencySample(requests) { $0.wireLatency }.successes
        let fromSchedule = try LatencySample(requests, \.latencyFromSchedule).successes
        #expect(fromSending.quantile(0.95).map { abs($0 - 0.05) < 1e-9 } == true)
        #expect(fromSchedule.quantile(0.95).map { abs($0 - 8.55) < 0.01 } == true)
        let lag = try LatencySample(requests, \.scheduleLag).successes
        #expect(lag.quantile(1).map { abs($0 - 9.95) < 1e-9 } == true)
        // Without a plan both are the same.
        #expect(request(sent: .seconds(3), took: .seconds(1)).latencyFromSchedule == .seconds(1))
        #expect(request(sent: .seconds(3), took: .seconds(1)).scheduleLag == nil)
        // Sent a little early is no negative wait.
        let early = request(scheduled: .seconds(4), sent: .seconds(3), took: .seconds(2))
        #expect(early.scheduleLag == .zero)
        #expect(early.latencyFromSchedule == .seconds(2))
    }

    /// 2.
    @Test func aRoleOnlyChunkIsNoToken() {
        let stream = referenceStream(knowsChunks: true)
        #expect(MetricDefinition.ours.metrics(of: stream).timeToFirstToken == .milliseconds(900))
        #expect(MetricDefinition.vllm.metrics(of: stream).timeToFirstToken == .milliseconds(100))
        #expect(ArrivalMark(of: [.responseStarted(ResponseMetadata(id: "1"))], bytes: 0).kind == .role)
        #expect(ArrivalMark(of: [StreamEvent](), bytes: 0).kind == .role)
    }

    /// 3.
    @Test func chunksAreNeverCountedAsTokens() {
        let told = MetricDefinition.ours.metrics(of: referenceStream(knowsChunks: false))
        #expect(told.outputTokens == 10)
        #expect(told.chunkGaps?.count == 3)
        let untold = MetricDefinition.ours.metrics(of: referenceStream(knowsChunks: false, usage: nil))
        #expect(untold.outputTokens == nil)
        #expect(untold.outputTokensPerSecond == nil)
        #expect(untold.interTokenLatency == nil)
        #expect(untold.timePerOutputToken == nil)
        #expect(untold.tokenSource == .none)
        #expect(untold.timeToFirstToken == .milliseconds(900))
    }

    /// 4. Counts in an event of their own, on a chunk of content, and not at all.
    @Test func countsAreTakenWhereverTheyStand() {
        let counts = TokenUsage(outputTokens: 10)
        #expect(ArrivalMark(of: [.usage(counts)], bytes: 0).kind == .usage)
        #expect(ArrivalMark(of: [.textDelta("a", choice: 0), .usage(counts)], bytes: 0).kind == .text)
        #expect(ArrivalMark(of: [.finished(.stop, choice: 0), .usage(counts)], bytes: 0).kind == .finish)
        #expect(ArrivalMark(of: [.reasoningDelta("a", choice: 0), .textDelta("b", choice: 0)], bytes: 0).kind == .text)
        #expect(ArrivalMark(of: [.refusalDelta("a", choice: 0)], bytes: 0).kind == .refusal)
        #expect(!TimelineEvent.Kind.usage.hasChoice)

        // The stream was cut: the chunks' own counts hold if all are told, else an estimate that says so.
        let chunks = MetricDefinition.ours.metrics(of: referenceStream(knowsChunks: true, usage: nil))
        #expect(chunks.outputTokens == 10)
        #expect(chunks.tokenSource == .server)
        var cut = referenceStream(knowsChunks: false, usage: TokenUsage(outputTokens: 11))
        cut.tokenSource = .estimate
        let estimated = MetricDefinition.ours.metrics(of: cut)
        #expect(estimated.outputTokens == 11)
        #expect(estimated.tokenSource == .estimate)
        #expect(RequestTiming(sent: .zero, ended: .zero, timeline: StreamTimeline()).tokenSource == .none)
    }

    /// 5.
    @Test func latencyEndsWithTheLastContent() {
        let stream = referenceStream(knowsChunks: true)
        let ours = MetricDefinition.ours.metrics(of: stream).endToEndLatency
        #expect(ours == .milliseconds(1700))
        #expect(
            stream.timeline.events.map(\.time).suffix(3) == [
                .milliseconds(1705), .milliseconds(1720), .milliseconds(1721),
            ])
    }

    /// 7.
    @Test func reasoningIsInsideOfTheOutput() {
        let with = MetricDefinition.ours.metrics(of: referenceStream(knowsChunks: true))
        let without = MetricDefinition.ours.metrics(
            of: referenceStream(knowsChunks: true, usage: TokenUsage(outputTokens: 10)))
        #expect(with.outputTokens == 10)
        #expect(with == without)
    }

    /// 8. Every tenth fails fast: the percentile of successes does not notice, the adjusted one does.
    @Test func failedRequestsAreInfinitelySlowWhenAdjusted() throws {
        let requests = (1...100).map { request(took: .seconds($0), hasFailed: $0 % 10 == 0) }
        let sample = try LatencySample(requests) { $0.wireLatency }
        #expect(sample.failures == 10)
        #expect(sample.successes.values.count == 90)
        #expect(sample.adjusted.values.count == 100)
        #expect(sample.successes.quantile(0.95).map { $0 < 100 } == true)
        #expect(sample.adjusted.quantile(0.95) == .infinity)
        #expect(sample.adjusted.quantile(0.5).map { $0 > sample.successes.quantile(0.5) ?? 1000 } == true)
    }

    /// 10.
    @Test func percentilesWithoutSupportAreNotTold() throws {
        let fifty = try LatencySample((1...50).map { request(took: .seconds($0)) }) { $0.wireLatency }
        #expect(fifty.successes.estimate(0.99) == .unsupported(count: 50, needed: 368))
        #expect(fifty.successes.estimate(0.95) == .unsupported(count: 50, needed: 72))
        #expect(fifty.successes.estimate(0.9)?.value != nil)
    }

    /// 12.
    @Test func anErrorInsideOfAStreamIsNoShortSuccess() throws {
        var timeline = StreamTimeline()
        timeline.append([.init(.role, bytes: 90)], at: .milliseconds(20))
        timeline.append([.init(.error, bytes: 120)], at: .milliseconds(30))
        let broken = RequestTiming(sent: .zero, ended: .milliseconds(30), timeline: timeline)
        #expect(!broken.isSuccess)
        let sample = try LatencySample([broken, request(took: .seconds(2))]) { $0.wireLatency }
        #expect(sample.successes.values == [2])
        #expect(sample.failures == 1)
    }

    /// 16. A short fast answer and a long slow one.
    @Test func ratesSayWhichMeanTheyAre() {
        let requests = [
            request(sent: .zero, took: .seconds(1), tokens: 100),
            request(sent: .seconds(1), took: .seconds(9), tokens: 90),
            request(sent: .seconds(2), took: .seconds(18), tokens: 1000, hasFailed: true),
        ]
        #expect(OutputRate.ratioOfSums(requests) == 19)
        #expect(OutputRate.meanOfRatios(requests) == 55)
        #expect(OutputRate.throughput(requests) == 9.5)
        #expect(OutputRate.ratioOfSums([]) == nil)
        #expect(OutputRate.meanOfRatios([]) == nil)
        #expect(OutputRate.throughput([]) == nil)
    }

    @Test func missingFiguresAreNeitherFastNorSlow() throws {
        let sample = try LatencySample([request(took: .seconds(1)), request(took: .seconds(2))]) { request in
            request.wireLatency > .seconds(1) ? request.wireLatency : nil
        }
        #expect(sample.missing == 1)
        #expect(sample.adjusted.values == [2])
    }
}
