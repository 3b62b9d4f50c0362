extension Int64 {
    /// A time in nanoseconds moved on, at most to about ten years, so that no script can run out of range.
    func later(by nanoseconds: Int64) -> Int64 {
        let (sum, isOver) = addingReportingOverflow(nanoseconds)
        return isOver ? 320_000_000_000_000_000 : Swift.min(sum, 320_000_000_000_000_000)
    }
}

/// What a connection does next.
struct Cue: Sendable, Equatable {
    /// When, in nanoseconds since the request was complete.
    var due: Int64
    var action: Action
    /// The bytes are a write of their own.
    var isFlushed = false

    enum Action: Sendable, Equatable {
        /// Sends the response's head if it is not out yet.
        case headers
        /// Sends a part of the body, and the head before it.
        case bytes([UInt8])
        /// Nothing more is sent; the connection stays open.
        case hang
        /// Closes the connection in the middle of the response.
        case cut
        /// Resets the connection.
        case reset
    }
}
