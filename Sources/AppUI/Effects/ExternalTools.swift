/// What the workspace reaches outside of its own screen: the person's editor, the clipboard.
///
/// To fake one: answer with what a test wants.
public protocol ExternalTools: Sendable {
    /// Has the person edit a text in a program of theirs. Called while the terminal is not ours.
    func edit(_ text: String) async -> Result<String, ExternalToolError>
    /// Shows a text in the person's pager; nil when that went well, else why not. Called while the terminal is not ours.
    func page(_ text: String) async -> ExternalToolError?
    /// Puts a text where it can be pasted from.
    func copy(_ text: String) async -> CopyReport
}

/// Why a program outside did not do what was asked.
public struct ExternalToolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence for the person.
    public let description: String

    /// A reason.
    public init(_ description: String) { self.description = description }
}

/// What became of a copy.
public struct CopyReport: Sendable, Hashable {
    /// How it was copied, as a sentence: `copied 1,204 characters (tmux buffer)`.
    public let sentence: String
    /// Whether it was copied.
    public let isCopied: Bool
    /// What the terminal is still to be sent.
    public let bytes: [UInt8]

    /// A report.
    public init(_ sentence: String, isCopied: Bool = true, bytes: [UInt8] = []) {
        (self.sentence, self.isCopied, self.bytes) = (sentence, isCopied, bytes)
    }
}
