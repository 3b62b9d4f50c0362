/// What goes back to the model for a call, and how it came about.
public struct ToolResult: Sendable, Hashable {
    /// How it came about.
    public enum Kind: Sendable, Hashable {
        /// A program ran.
        case ran(CommandOutcome.End)
        /// A server on loopback answered, with this status.
        case answered(status: Int)
        /// The definition's fixed reply.
        case fixed
        /// A person typed it.
        case typed
        /// An earlier result of the same function was used again.
        case replayed
        /// A person refused the call.
        case refused
        /// An error was returned in place of a result: by a person, or because the call could not be run.
        case error
    }

    /// What the model is told.
    public var text: String
    /// How it came about.
    public var kind: Kind
    /// How long it ran; nil when nothing ran.
    public var duration: Duration?

    /// A result.
    public init(_ text: String, kind: Kind, duration: Duration? = nil) {
        self.text = text
        self.kind = kind
        self.duration = duration
    }

    /// Whether the call did what it was made for.
    public var isSuccess: Bool {
        switch kind {
        case .ran(let end): end == .exited(0)
        case .answered(let status): 200..<300 ~= status
        case .fixed, .typed, .replayed: true
        case .refused, .error: false
        }
    }
}

extension CommandOutcome {
    /// What the model is told: the output, and how the program ended when that was not well.
    public var text: String {
        let words = output.text()
        guard end != .exited(0) else { return words }
        let sentence =
            switch (end, limit) {
            case (.timedOut, let time?): "stopped: its time of \(time) was up"
            case (_, let limit?): "\(end.sentence) (\(limit))"
            case (_, nil): end.sentence
            }
        return words.isEmpty ? sentence : "\(sentence)\n\(words)"
    }
}

extension CommandOutcome.End {
    /// It in words.
    public var sentence: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "ended by signal \(signal)"
        case .timedOut: "stopped: its time was up"
        case .cancelled: "stopped by the user"
        case .notStarted(let reason): "not run: \(reason)"
        }
    }
}
