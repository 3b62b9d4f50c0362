/// How much of an answer is taken before the server counts as broken or hostile.
struct AnswerLimits: Sendable {
    /// Text, reasoning and refusal of one choice together, in UTF-16 units.
    var characters = 4_000_000
    /// The arguments of one tool call, in bytes.
    var argumentBytes = 1 << 20
    /// Tool calls of one choice; also one more than the largest index the wire may name.
    var toolCalls = 128
    /// Members of the wire's tool call that we do not know, over all its pieces.
    var unknownMembers = 4096
    /// Choices.
    var choices = 8
    /// A body that is no stream, in bytes.
    var wholeBody = 64 << 20

    /// A limit was passed; the message names it.
    struct Passed: Error, Hashable {
        let message: String
    }
}
