/// One thing that happens while a scenario is played.
struct Beat: Sendable, Equatable {
    /// When, in nanoseconds since the request was complete.
    var due: Int64
    var event: Event

    /// The beginning of a call.
    struct Call: Sendable, Equatable {
        var index: Int
        /// Whether the script names the index.
        var isPlaced: Bool
        var id: String?
        var name: String?
        /// Whether the call before it has ended.
        var isAlone: Bool
    }

    enum Event: Sendable, Equatable {
        case headers
        case text(TextKind, ArraySlice<UInt8>)
        case token(ScoredToken)
        case callStarted(Call)
        case arguments(index: Int, ArraySlice<UInt8>)
        case delta(String)
        case data(String)
        case comment(String)
        case raw([UInt8])
        case body([UInt8])
        case error(ErrorObject)
        /// The answer as a whole failed.
        case failed(ErrorObject)
        /// The answer is over; with what has been played until here.
        case finish(String, TokenCounts)
        case usage(TokenCounts)
        case done
        case hang
        case cut
        case reset
    }
}

/// What has been played so far, in rough tokens.
struct TokenCounts: Sendable, Equatable {
    var completion = 0
    var reasoning = 0
}
