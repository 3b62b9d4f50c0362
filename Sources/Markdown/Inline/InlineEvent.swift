/// What is laid over a text.
enum InlineMark: UInt8, Sendable, Hashable {
    case emphasis
    case strong
    case strike
}

/// A piece of a paragraph, in order. Ranges are offsets of its content.
enum InlineEvent {
    case text(Range<Int>)
    /// What an entity or a lone backslash stands for.
    case decoded(String, Range<Int>)
    case softBreak(Int)
    case hardBreak(Int)
    /// The text of a code span, newlines in it being spaces.
    case code(Range<Int>)
    case html(Range<Int>)
    case open(InlineMark)
    case close(InlineMark)
    case openLink(LinkTarget, at: Int)
    case closeLink(LinkTarget, at: Int)
    case openImage(LinkTarget, at: Int)
    case closeImage(LinkTarget, at: Int)
    /// An address that stands for itself.
    case autolink(LinkTarget, Range<Int>)
}

/// A run of `*`, `_` or `~`.
struct DelimiterRun {
    let character: UInt8
    let length: Int
    let canOpen: Bool
    let canClose: Bool
    var left: Int
    var isActive = true
    /// The neighbours that are still in play; -1 = none.
    var previous: Int
    var next = -1
    /// What ends and begins here, in order.
    var closes: [InlineMark] = []
    var opens: [InlineMark] = []
}

/// A `[` or `![` that may begin a link.
struct OpenBracket {
    let node: Int
    let isImage: Bool
    /// One past it.
    let textStart: Int
    /// The last delimiter run before it.
    let delimiter: Int
    var isActive = true
    /// Whether another one follows inside.
    var hasBracketAfter = false
}

/// A node of the flat list that a paragraph is read into.
struct InlineNode {
    enum Kind {
        case text
        case decoded(String)
        case softBreak
        case hardBreak
        case code
        case html
        case delimiter(Int)
        case openLink(Int)
        case closeLink(Int)
        case openImage(Int)
        case closeImage(Int)
        case autolink(Int)
    }

    var kind: Kind
    var range: Range<Int>
}
