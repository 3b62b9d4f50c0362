/// Turns beats into the server-sent events of one API.
protocol BeatEncoder: Sendable {
    /// Appends the cues for a beat.
    mutating func encode(_ beat: Beat, into cues: inout [Cue])
}

extension Beat.Event {
    /// What happens in every API alike; nil for events that each API puts in its own words.
    var plainAction: Cue.Action? {
        switch self {
        case .headers: .headers
        case .hang: .hang
        case .cut: .cut
        case .reset: .reset
        case .raw(let bytes), .body(let bytes): .bytes(bytes)
        case .data(let text): .bytes(Self.lines(text, prefix: "data: "))
        case .comment(let text): .bytes(Self.lines(text, prefix: ": "))
        case .done: .bytes(Array("data: [DONE]\n\n".utf8))
        case .text, .token, .callStarted, .arguments, .delta, .error, .failed, .finish, .usage: nil
        }
    }

    private static func lines(_ text: String, prefix: String) -> [UInt8] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { prefix + $0 + "\n" }
        return Array((lines.joined() + "\n").utf8)
    }
}
