import ProviderCore
import TestSupport
import Testing

@testable import Benchmarking
@testable import ProviderOpenAI

/// The stream of the design's table on its way through the real provider and the runner: when each event came is kept to the microsecond.
@Suite struct TimingTests {
    /// Headers come 80 ms after the request.
    private struct SlowHeaders: HTTPTransport {
        let base: ScriptedTransport
        let clock: JumpingClock

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            clock.advance(by: .milliseconds(80))
            return try await base.send(request)
        }
    }

    private static func chunk(_ delta: String, _ more: String = "") -> String {
        #"data: {"id":"c1","model":"m","choices":[{"index":0,"delta":\#(delta)}]\#(more)}"# + "\n\n"
    }

    /// The table's events: milliseconds after the request, and what comes. With sums, each chunk tells the tokens so far.
    private static func events(withSums: Bool) -> [(Int, String)] {
        func sum(_ tokens: Int) -> String {
            withSums ? #","usage":{"prompt_tokens":5,"completion_tokens":\#(tokens)}"# : ""
        }
        return [
            (100, chunk(#"{"role":"assistant","content":""}"#)),
            (900, chunk(#"{"reasoning_content":"one two three"}"#, sum(3))),
            (1500, chunk(#"{"content":"A"}"#, sum(4))), (1540, chunk(#"{"content":"B"}"#, sum(8))),
            (1700, chunk(#"{"content":"C"}"#, sum(10))),
            (
                1705,
                #"data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
            ),
            (
                1720,
                #"data: {"id":"c1","model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":10,"#
                    + #""completion_tokens_details":{"reasoning_tokens":3}}}"# + "\n\n"
            ), (1721, "data: [DONE]\n\n"),
        ]
    }

    private static func answer(_ events: [(Int, String)], from: Int = 80) -> ScriptedTransport.Answer {
        var steps: [ScriptedTransport.Step] = []
        var last = from
        for (at, text) in events {
            steps += [.pause(.milliseconds(at - last)), .bytes(Array(text.utf8))]
            last = at
        }
        return .init(headers: [HTTPHeader("content-type", "text/event-stream")], steps: steps)
    }

    /// The timing that the runner keeps of one trial.
    private func timing(_ answers: [ScriptedTransport.Answer], retries: Bool = false) async throws -> TrialRecord {
        let clock = JumpingClock()
        let transport = SlowHeaders(base: ScriptedTransport(answers, clock: clock), clock: clock)
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "http://127.0.0.1:1/v1"), transport: transport, clock: clock
        ) { 0 }
        let chain = PolicyProvider(provider, policies: [RetryPolicy(.batch, clock: clock)], clock: clock)
        let rig = try await RunnerRig(1, clock: clock, scorer: nil, provider: chain)
        _ = await rig.runner().run()
        return try #require(try await rig.store.trials(from: 0, limit: 1, withTexts: true).first)
    }

    @Test(arguments: [true, false]) func everyEventKeepsItsTime(withSums: Bool) async throws {
        let record = try await timing([Self.answer(Self.events(withSums: withSums))])
        #expect(record.outcome == .answered && record.answer.text == "ABC")
        let timing = try #require(record.timings.first?.timing)
        #expect(timing.sent == .zero && timing.headers == .milliseconds(80) && timing.ended == .milliseconds(1721))
        let expected = referenceStream(knowsChunks: withSums)
        #expect(timing.timeline.events.map(\.kind) == expected.timeline.events.map(\.kind))
        #expect(timing.timeline.events.map(\.microseconds) == expected.timeline.events.map(\.microseconds))
        #expect(timing.timeline.events.map(\.tokens) == expected.timeline.events.map(\.tokens))
        for definition in MetricDefinition.allCases {
            var (ours, theirs) = (definition.metrics(of: timing), definition.metrics(of: expected))
            // Bytes are not those of the fixture, and no figure is made of them.
            (ours.chunkGaps, theirs.chunkGaps) = (ours.chunkGaps ?? [], theirs.chunkGaps ?? [])
            #expect(ours == theirs, "\(definition)")
        }
    }

    /// Events of one read share its time and say so.
    @Test func whatComesTogetherIsMarked() async throws {
        var events = Self.events(withSums: false)
        events[2].1 += events[3].1
        events.remove(at: 3)
        let record = try await timing([Self.answer(events)])
        let timeline = try #require(record.timings.first?.timing.timeline)
        #expect(timeline.events.filter { $0.microseconds == 1_500_000 }.map(\.kind) == [.text, .text])
        #expect(timeline.events.filter(\.isCoalesced).map(\.microseconds) == [1_500_000, 1_500_000])
    }

    /// What is timed is the attempt that answered: neither the failed one nor the wait before the next is in it.
    @Test func anAttemptThatFailedLeavesNothing() async throws {
        let busy = ScriptedTransport.Answer.text(
            #"{"error":{"message":"busy"}}"#, status: 503, type: "application/json", [HTTPHeader("retry-after", "7")])
        let record = try await timing([busy, Self.answer(Self.events(withSums: false))], retries: true)
        let timing = try #require(record.timings.first?.timing)
        #expect(record.timings.count == 1)
        #expect(timing.sent >= .milliseconds(7080))
        #expect(
            timing.timeline.events.map(\.microseconds)
                == referenceStream(knowsChunks: false).timeline.events.map(\.microseconds))
    }

    /// A stream that breaks off is kept as far as it came, as a failure.
    @Test func aCutAnswerIsAFailure() async throws {
        let events = Array(Self.events(withSums: false).prefix(4))
        var answer = Self.answer(events)
        answer.steps.append(.fail(TransportError(.lost, "reset")))
        let record = try await timing([answer])
        #expect(record.outcome == .infraError && record.answer.text == "AB")
        let timing = try #require(record.timings.first?.timing)
        #expect(!timing.isSuccess && timing.timeline.events.count == 4)
        #expect(record.error?.fate == .interrupted)
    }
}
