/// Limits the time of a call as a whole: all attempts and waits together.
///
/// The policies further in see the deadline and do not wait beyond it; the attempt that runs when it passes is ended by its
/// transport (`HTTPTimeouts.total`). A provider that does not heed `ChatRequest.timeLimit` is not ended. The limits of a single
/// exchange (connect, first byte, stall, no complete event) are the endpoint's `HTTPTimeouts`.
public struct TimeoutPolicy: Policy {
    private let total: Duration?
    private let clock: any MonotonicClock

    /// A limit, above zero; nil = none. Passing it is a `ProviderError` of kind `timeout`.
    public init(total: Duration?, clock: any MonotonicClock = ContinuousClock()) {
        self.total = total
        self.clock = clock
    }

    /// Makes the call; see `Policy`.
    public func stream(
        _ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext
    ) async throws -> ChatStream {
        guard let total else { return try await next(request, call) }
        var call = call
        let deadline = clock.now.advanced(by: total)
        call.deadline = min(call.deadline ?? deadline, deadline)
        let stream = try await next(request, call)
        let clock = clock
        return ChatStream { TimedBatches(inner: stream.batches(), deadline: deadline, total: total, clock: clock) }
    }
}

/// Passes events through, and tells a time-out at the deadline in terms of the whole.
private struct TimedBatches: StreamEventBatches {
    var inner: any StreamEventBatches
    let deadline: ContinuousClock.Instant
    let total: Duration
    let clock: any MonotonicClock

    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]? {
        do { return try await inner.nextBatch() } catch { throw inTermsOfTheWhole(error) }
    }

    @inline(never)
    private func inTermsOfTheWhole(_ error: any Error) -> any Error {
        guard var error = error as? ProviderError, error.kind == .timeout, clock.now >= deadline else { return error }
        error.message = "the request as a whole took longer than its limit of \(total.spoken)"
        return error
    }
}
