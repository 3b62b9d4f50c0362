/// What one stream's timeline says of its speed, after one definition. Nil = the definition has no such figure, or the stream
/// has not what it takes.
public struct StreamMetrics: Sendable, Hashable {
    /// Time to first token.
    public var timeToFirstToken: Duration?
    /// Time to the first output that is not reasoning.
    public var timeToFirstVisible: Duration?
    /// The latency of the whole answer.
    public var endToEndLatency: Duration?
    /// Inter-token latency: the mean of this stream.
    public var interTokenLatency: Duration?
    /// Time per output token.
    public var timePerOutputToken: Duration?
    /// The times between chunks. A chunk is not a token.
    public var chunkGaps: [Duration]?
    /// Output tokens a second over the whole latency.
    public var outputTokensPerSecond: Double?
    /// Output tokens, reasoning inside; nil when nobody counted them. Never the number of chunks.
    public var outputTokens: Int?
    /// Who counted them.
    public var tokenSource = TokenSource.none
    /// Whether the real number of tokens in the first chunk was known, so that `interTokenLatency` is of the others alone; else
    /// one is assumed.
    public var knowsFirstChunk = false

    /// Nothing.
    public init() {}
}
