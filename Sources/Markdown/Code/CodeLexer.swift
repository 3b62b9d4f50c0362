/// Colours code line by line: what a line begins in (a comment, a string of several lines) is carried over from the one before.
///
/// A value: keep a copy to read a line that still grows again. Cost: linear in the line.
public struct CodeLexer: Sendable, Hashable {
    private let place: UInt8
    private var state = LexerState()

    /// A lexer for a language by the name that stands behind a fence (`swift`, `C++`, `sh`), in any case; nil when the
    /// language is not known, or is plain text.
    public init?(language: String) {
        guard let place = CodeLanguage.place(of: language) else { return nil }
        self.place = place
    }

    /// The runs of a line (without its newline), in order and without gaps, and goes on to the next line. Borders never
    /// stand inside a scalar, nor between a character and its marks.
    public mutating func line(_ text: String) -> [CodeSpan] {
        let language = CodeLanguage.all[Int(place)]
        var text = text
        var state = self.state
        let spans = text.withUTF8 { bytes in
            switch language.shape {
            case .code: CodeReader.read(bytes, 0..<bytes.count, language, &state)
            case .markup: MarkupReader.read(bytes, &state)
            case .markdown: MarkdownReader.read(bytes, &state)
            case .patch: PatchReader.read(bytes, &state)
            }
        }
        self.state = state
        return spans
    }
}

/// What a line begins in.
struct LexerState: Sendable, Hashable {
    var mode = LexerMode.code
    /// Open braces, where they matter.
    var depth: UInt16 = 0
    /// The language inside a page's `script` or `style`, as its place in the table.
    var embedded: UInt8?
}

/// What is open where a line begins.
enum LexerMode: Sendable, Hashable {
    case code
    /// A comment, by its place among the language's forms, so many deep.
    case comment(form: UInt8, depth: UInt16)
    /// A string, by its place among the language's forms; `level` times the repeated byte of its delimiter.
    case string(form: UInt8, level: UInt8)
    /// A text that ends with a text of its own.
    case until(String)
    /// Texts whose last lines are known, the next one first.
    case heredocs([Heredoc])
    /// Lines that are indented deeper than this.
    case indented(Int)
    /// Inside a tag; `raw` = its content is of another language.
    case tag(raw: UInt8?)
    /// A fenced block: the fence's byte and how often.
    case fence(UInt8, Int)
    /// A patch's hunk: lines left of the old and of the new text.
    case hunk(old: Int, new: Int)
}

/// A text of several lines and the line that ends it.
struct Heredoc: Sendable, Hashable {
    let word: String
    /// Whether the last line may be indented.
    let mayIndent: Bool
}
