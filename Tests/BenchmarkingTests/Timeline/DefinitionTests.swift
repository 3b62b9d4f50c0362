import Benchmarking
import Foundation
import ProviderCore
import Testing

/// One stream, five answers: the table of the design, digit by digit.
@Suite struct DefinitionTests {
    private static let order: [MetricDefinition] = [.vllm, .aiperf, .guidellm, .llmperf, .ours]

    /// The figure with as many decimals as the table has; `-` when there is none.
    private func shown(_ value: Double?, like text: String) -> String {
        guard let value else { return "-" }
        let decimals = text.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first?.count ?? 3
        return String(format: "%.\(decimals)f", value)
    }

    private func figure(_ row: String, _ metrics: StreamMetrics) -> Double? {
        switch row {
        case "TTFT": metrics.timeToFirstToken?.inSeconds
        case "first visible": metrics.timeToFirstVisible?.inSeconds
        case "E2E": metrics.endToEndLatency?.inSeconds
        case "ITL": metrics.interTokenLatency?.inSeconds
        case "TPOT": metrics.timePerOutputToken?.inSeconds
        default: metrics.outputTokensPerSecond
        }
    }

    @Test(arguments: [
        ("TTFT", true, ["0.100", "0.900", "0.900", "1.500", "0.900"]),
        ("first visible", true, ["-", "1.500", "1.500", "1.500", "1.500"]),
        ("E2E", true, ["1.705", "1.700", "1.721", "1.721", "1.700"]),
        ("ITL", true, ["0.321", "0.1143", "0.0889", "0.2833", "0.1143"]),
        ("ITL", false, ["0.321", "0.0889", "0.0889", "0.2833", "0.0889"]),
        ("TPOT", true, ["0.1783", "-", "0.1700", "-", "0.0889"]),
        ("TPOT", false, ["0.1783", "-", "0.1700", "-", "0.0889"]),
        ("tokens a second", true, ["-", "5.88", "5.81", "3.49", "5.88"]),
    ])
    func figuresAreThoseOfTheTable(row: String, knowsChunks: Bool, expected: [String]) {
        let stream = referenceStream(knowsChunks: knowsChunks)
        for (definition, text) in zip(Self.order, expected) {
            let value = figure(row, definition.metrics(of: stream))
            #expect(shown(value, like: text) == text, "\(row) of \(definition)")
        }
    }

    @Test(
        arguments: [
            (.vllm, [800, 600, 40, 160, 5]), (.aiperf, [600, 40, 160]), (.guidellm, nil), (.llmperf, nil),
            (.ours, [600, 40, 160]),
        ] as [(MetricDefinition, [Int]?)])
    func gapsAreThoseOfTheTable(definition: MetricDefinition, expected: [Int]?) {
        let metrics = definition.metrics(of: referenceStream(knowsChunks: true))
        #expect(metrics.chunkGaps == expected?.map { .milliseconds($0) })
    }

    @Test func theWireLatencyIsToldBeside() {
        #expect(referenceStream(knowsChunks: true).wireLatency == .milliseconds(1721))
    }

    @Test func whatIsNotKnownOfTheFirstChunkIsFlagged() {
        #expect(MetricDefinition.ours.metrics(of: referenceStream(knowsChunks: true)).knowsFirstChunk)
        #expect(!MetricDefinition.ours.metrics(of: referenceStream(knowsChunks: false)).knowsFirstChunk)
    }

    /// The rounding of the harness tells a millisecond from its neighbour.
    @Test func theHarnessSeesTheLastDigit() {
        #expect(shown(0.1006, like: "0.100") == "0.101")
        #expect(shown(nil, like: "0.100") == "-")
        #expect(shown(0.1, like: "-") != "-")
    }

    @Test(arguments: MetricDefinition.allCases)
    func streamsWithoutMuchHaveNoFigures(definition: MetricDefinition) {
        let empty = RequestTiming(sent: .zero, ended: .zero, timeline: StreamTimeline())
        let nothing = definition.metrics(of: empty)
        #expect(nothing.timeToFirstToken == nil)
        #expect(nothing.interTokenLatency == nil)
        #expect(nothing.outputTokensPerSecond == nil)
        #expect(nothing.tokenSource == .none)
        // One token: no time per token can be said.
        let one = RequestTiming(
            sent: .zero, ended: .seconds(1),
            timeline: StreamTimeline([TimelineEvent(.text, microseconds: 500_000, tokens: 1, bytes: 10)]),
            usage: TokenUsage(outputTokens: 1))
        let metrics = definition.metrics(of: one)
        #expect(metrics.timeToFirstToken == .milliseconds(500))
        if definition != .guidellm { #expect(metrics.timePerOutputToken == nil) }
        if definition != .llmperf { #expect(metrics.interTokenLatency == nil) }
    }

    @Test func aWholeAnswerInOneChunkHasNoTimeBetweenTokens() {
        let stream = RequestTiming(
            sent: .zero, ended: .seconds(1),
            timeline: StreamTimeline([TimelineEvent(.text, microseconds: 500_000, bytes: 10)]),
            usage: TokenUsage(outputTokens: 40))
        let metrics = MetricDefinition.ours.metrics(of: stream)
        #expect(metrics.interTokenLatency == nil)
        #expect(metrics.timePerOutputToken == nil)
        #expect(metrics.chunkGaps == [])
    }

    @Test func countsThatContradictTheChunksGiveNoFigure() {
        let stream = referenceStream(knowsChunks: true, usage: TokenUsage(outputTokens: 3))
        // The first chunk alone has 3 tokens: none is left to take time.
        #expect(MetricDefinition.ours.metrics(of: stream).interTokenLatency == nil)
        #expect(MetricDefinition.aiperf.metrics(of: stream).interTokenLatency == nil)
    }
}
