public import TerminalKit

/// A run of a row that is drawn alike.
public struct MarkdownSpan: Sendable, Hashable {
    /// What to draw, tabs expanded. It has passed the text gate.
    public var text: String
    /// How.
    public var style: Style
    /// The address it links to; nil = it is no link. Never to be made live.
    public var target: String?

    /// A run.
    public init(_ text: String, _ style: Style, target: String? = nil) {
        self.text = text
        self.style = style
        self.target = target
    }
}

/// One row as it is shown.
public struct MarkdownRow: Sendable, Hashable {
    /// Its place in a block of code.
    public struct Code: Sendable, Hashable {
        /// Where the block begins in the source (UTF-8 offset); the same for all its rows.
        public var block: Int
        /// Whether it is the row that names the language.
        public var isLabel = false
        /// The code in the source (UTF-8 offsets), without indentation that belongs to the block.
        public var content = 0..<0
        /// Spaces before `content`: what is left of a tab in the block's indentation.
        public var padding = 0
        /// Cells of `spans`. More than there is room for when code is not wrapped: the view clips and scrolls sideways.
        public var width = 0
    }

    /// Blank cells before `lead`.
    public var indent = 0
    /// Bars of quotes and code, bullets, numbers. What scrolls sideways begins behind it.
    public var lead: [MarkdownSpan] = []
    /// The row's text.
    public var spans: [MarkdownSpan] = []
    /// Whether it goes on in the line of the row above. A view marks such rows of code.
    public var isContinuation = false
    /// Its place in the source, UTF-8 offsets, markers included, without the newline. Rows that show nothing of the
    /// source (the lines of tables) have an empty one.
    public var source = 0..<0
    /// Set in blocks of code.
    public var code: Code?

    /// Whether it is of a block of code.
    public var isCode: Bool { code != nil }
    /// All that is shown, blanks included.
    public var text: String {
        String(repeating: " ", count: indent) + lead.map(\.text).joined() + spans.map(\.text).joined()
    }
    /// Cells before `spans`.
    public var leadWidth: Int { lead.reduce(indent) { $0 + CellWidth.width(of: $1.text) } }
}

/// A block of code.
public struct MarkdownCodeBlock: Sendable, Hashable {
    /// The word behind the fence; empty when there is none.
    public var language: String
    /// The code without fence and indentation of the block, as it stands in the source.
    public var text: String
    /// Its rows, with the one that names the language.
    public var rows: Range<Int>
}

/// A link or an image as it is shown.
public struct MarkdownLink: Sendable, Hashable {
    /// Its text.
    public var text: String
    /// Its address.
    public var target: String
    /// The row it begins in.
    public var row: Int
}
