import Benchmarking
import ProviderCore

/// The stream of the reference table: role at 0.1 s, a chunk of reasoning, three of text, finish, counts, end. `knowsChunks`: the
/// server tells the tokens of each chunk.
func referenceStream(knowsChunks: Bool, usage: TokenUsage? = TokenUsage(outputTokens: 10, reasoningTokens: 3))
    -> RequestTiming
{
    func event(_ kind: TimelineEvent.Kind, _ milliseconds: Int64, _ tokens: Int? = nil) -> TimelineEvent {
        TimelineEvent(kind, microseconds: milliseconds * 1000, tokens: knowsChunks ? tokens : nil, bytes: 200)
    }
    let timeline = StreamTimeline([
        event(.role, 100), event(.reasoning, 900, 3), event(.text, 1500, 1), event(.text, 1540, 4),
        event(.text, 1700, 2), event(.finish, 1705), event(.usage, 1720), event(.done, 1721),
    ])
    return RequestTiming(
        sent: .seconds(60), headers: .milliseconds(60_080), ended: .milliseconds(61_721), timeline: timeline,
        usage: usage ?? TokenUsage())
}

/// A request whose answer is `tokens` tokens of text in two chunks, at once and at the end.
func request(
    scheduled: Duration? = nil, sent: Duration = .zero, took latency: Duration, tokens: Int? = nil,
    hasFailed: Bool = false
) -> RequestTiming {
    var timeline = StreamTimeline()
    timeline.append([.init(.text, bytes: 100)], at: .zero)
    timeline.append([.init(.text, bytes: 100)], at: latency)
    return RequestTiming(
        scheduled: scheduled, sent: sent, ended: sent + latency, timeline: timeline,
        usage: TokenUsage(outputTokens: tokens), hasFailed: hasFailed)
}
