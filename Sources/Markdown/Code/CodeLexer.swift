/// Colours code line by line: what a line begins in (a comment, a string of several lines) is carried over from the one before.
///
/// A value: keep a copy to read a line that still grows again. Cost: linear in the line.
public struct CodeLexer: Sendable, Hashable {
    /// A lexer for a language by the name that stands behind a fence; nil when the language is not known.
    public init?(language: String) {
        guard language == "json" else { return nil }
    }

    /// The runs of a line (without its newline), in order and without gaps, and goes on to the next line.
    public mutating func line(_ text: String) -> [CodeSpan] {
        var spans: [CodeSpan] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let start = index
            let isString = bytes[index] == UInt8(ascii: "\"")
            index += 1
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                index += isString && bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            if isString { index += 1 }
            index = min(index, bytes.count)
            spans.append(CodeSpan(start..<index, isString ? .string : .plain))
        }
        return spans
    }
}
