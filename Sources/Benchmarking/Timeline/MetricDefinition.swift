import ProviderCore

/// Whose words the figures are in: five tools that say the same and mean different things.
///
/// Source: their code as of November 2026. One stream with a role-only chunk at 0.1 s, reasoning at 0.9 and text
/// from 1.5 to 1.7 s has a time to first token of 0.1, 0.9 or 1.5 s.
public enum MetricDefinition: String, Sendable, Hashable, CaseIterable {
    /// Ours: from sending to the first and the last event with a token of the model.
    case ours
    /// `vllm bench serve`, chat: from sending to the first and the last event with a choice, a role-only one included.
    case vllm
    /// `aiperf`: as ours; the inter-token latency takes the first chunk's real size where it is known.
    case aiperf
    /// `guidellm`: first and last token as ours, but whole latencies end with the stream.
    case guidellm
    /// `llmperf`: text alone counts as output, and chunks are taken as tokens.
    case llmperf

    /// The figures of one stream.
    public func metrics(of request: RequestTiming) -> StreamMetrics {
        let stream = StreamMarks(request)
        var metrics = StreamMetrics()
        metrics.outputTokens = stream.outputTokens
        metrics.tokenSource = stream.tokenSource
        switch self {
        case .ours: ours(stream, &metrics)
        case .vllm: vllm(stream, &metrics)
        case .aiperf: aiperf(stream, &metrics)
        case .guidellm: guidellm(stream, &metrics)
        case .llmperf: llmperf(stream, &metrics)
        }
        return metrics
    }

    private func ours(_ stream: StreamMarks, _ metrics: inout StreamMetrics) {
        metrics.timeToFirstToken = stream.tokens.first?.time
        metrics.timeToFirstVisible = stream.visible.first?.time
        metrics.endToEndLatency = stream.tokens.last?.time
        // A whole answer in one chunk has no time between tokens.
        if stream.tokens.count > 1 {
            metrics.interTokenLatency = stream.perToken(after: stream.firstChunk ?? 1)
            metrics.knowsFirstChunk = stream.firstChunk != nil
            metrics.timePerOutputToken = stream.perToken(after: 1)
        }
        metrics.chunkGaps = stream.tokens.gaps
        metrics.outputTokensPerSecond = stream.rate(stream.outputTokens, over: metrics.endToEndLatency)
    }

    private func aiperf(_ stream: StreamMarks, _ metrics: inout StreamMetrics) {
        ours(stream, &metrics)
        metrics.interTokenLatency = stream.perToken(after: stream.firstChunk ?? 1)
        metrics.timePerOutputToken = nil
    }

    private func vllm(_ stream: StreamMarks, _ metrics: inout StreamMetrics) {
        guard let first = stream.choices.first?.time, let last = stream.choices.last?.time else { return }
        metrics.timeToFirstToken = first
        metrics.endToEndLatency = last
        metrics.chunkGaps = stream.choices.gaps
        metrics.interTokenLatency = stream.choices.count > 1 ? (last - first) / (stream.choices.count - 1) : nil
        metrics.timePerOutputToken = stream.share(last - first, stream.outputTokens.map { $0 - 1 })
    }

    private func guidellm(_ stream: StreamMarks, _ metrics: inout StreamMetrics) {
        metrics.timeToFirstToken = stream.tokens.first?.time
        metrics.timeToFirstVisible = stream.visible.first?.time
        metrics.endToEndLatency = stream.wire
        metrics.interTokenLatency = stream.perToken(after: 1)
        metrics.timePerOutputToken = stream.share(stream.tokens.last?.time, stream.outputTokens)
        metrics.outputTokensPerSecond = stream.rate(stream.outputTokens, over: stream.wire)
    }

    private func llmperf(_ stream: StreamMarks, _ metrics: inout StreamMetrics) {
        metrics.timeToFirstToken = stream.text.first?.time
        metrics.timeToFirstVisible = stream.text.first?.time
        metrics.endToEndLatency = stream.wire
        // The gaps, that before the first text among them, add up to the time of the last.
        metrics.interTokenLatency = stream.share(stream.text.last?.time, stream.choices.count)
        metrics.outputTokensPerSecond = stream.rate(stream.choices.count, over: stream.wire)
    }
}

/// The events of a stream by what definitions look for.
private struct StreamMarks {
    let choices: [TimelineEvent]
    let tokens: [TimelineEvent]
    let visible: [TimelineEvent]
    let text: [TimelineEvent]
    /// Nil when nobody counted them.
    let outputTokens: Int?
    let tokenSource: TokenSource
    /// From sending to the end of the stream.
    let wire: Duration

    init(_ request: RequestTiming) {
        choices = request.timeline.events.filter(\.kind.hasChoice)
        tokens = choices.filter(\.kind.isToken)
        visible = tokens.filter(\.kind.isVisible)
        text = visible.filter { $0.kind == .text }
        wire = request.wireLatency
        if let told = request.usage.outputTokens {
            outputTokens = told
            tokenSource = request.tokenSource
        } else {
            // A stream that was cut before its counts: those of the chunks hold, if each was told.
            let chunks = tokens.compactMap(\.tokens)
            let isWhole = !tokens.isEmpty && chunks.count == tokens.count
            outputTokens = isWhole ? chunks.reduce(0) { $0 &+ $1 } : nil
            tokenSource = isWhole ? .server : .none
        }
    }

    /// The tokens of the first chunk that has any; nil = not told.
    var firstChunk: Int? { tokens.first?.tokens }

    /// The time from the first to the last token by the tokens that came in it: all but so many.
    func perToken(after first: Int) -> Duration? {
        guard let begin = tokens.first?.time, let end = tokens.last?.time else { return nil }
        return share(end - begin, outputTokens.map { $0 - first })
    }

    /// The time by a number; nil unless the number is above 0.
    func share(_ time: Duration?, _ number: Int?) -> Duration? {
        guard let time, let number, number > 0 else { return nil }
        return time / number
    }

    /// A number by a time, in seconds; nil when that is none.
    func rate(_ number: Int?, over time: Duration?) -> Double? {
        guard let number, let time, time > .zero else { return nil }
        return Double(number) / time.inSeconds
    }
}

extension [TimelineEvent] {
    /// The times from each to the next.
    fileprivate var gaps: [Duration] { zip(self, dropFirst()).map { $1.time - $0.time } }
}
