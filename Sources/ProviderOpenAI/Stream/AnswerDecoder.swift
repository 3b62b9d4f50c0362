import ProviderCore

/// Turns the data of one answer into events. A value, pure, no I/O: `AnswerBatches` feeds it.
protocol AnswerDecoder: Sendable {
    /// Turns what the server said into errors.
    var errors: AnswerErrors { get }
    /// How much of an answer is taken.
    var limits: AnswerLimits { get }
    /// Whether the server has begun to answer.
    var hasStarted: Bool { get }
    /// Whether any content was told.
    var hasContent: Bool { get }
    /// Whether all that was asked for is here.
    var isComplete: Bool { get }
    /// Whether the server said that it is done.
    var isDone: Bool { get }
    /// Where the answer can be read on, were it to break now; nil = nowhere.
    var resumption: Resumption? { get }
    /// What a body that is none is called in messages: "completion", "response".
    var noun: String { get }

    /// Adds the events of one server-sent event. False: nothing more may be fed. Throws `ProviderError`; the events before
    /// have been added.
    mutating func decode(_ event: ServerSentEvent, into events: inout [StreamEvent]) throws -> Bool
    /// Adds the events of a whole answer that came as one JSON body. Throws as `decode`.
    mutating func decodeWhole(_ body: [UInt8], into events: inout [StreamEvent]) throws
    /// Ends the stream. Throws `ProviderError` when the answer is not complete.
    mutating func finish(into events: inout [StreamEvent]) throws
}

extension UnsafeRawBufferPointer {
    /// Without blanks at the end.
    var withoutTrailingBlanks: UnsafeRawBufferPointer {
        var end = count
        while end > 0, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[..<end])
    }

    /// Whether this is the mark that ends a stream.
    var isDoneMark: Bool { count == 6 && elementsEqual("[DONE]".utf8) }
}
