/// Short, harmless quotations of what a server said, for messages. Not a text gate: it keeps a message to one line and
/// a length, and makes control characters visible.
enum Quote {
    /// One line of at most `limit` characters; white space shrinks to single blanks, control characters become U+FFFD.
    static func line(_ text: some StringProtocol, limit: Int = 400) -> String {
        var line = String.UnicodeScalarView()
        var pendingBlank = false
        var count = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                pendingBlank = count > 0
                continue
            }
            if count >= limit { return String(line) + "…" }
            if pendingBlank { line.append(" ") }
            count += pendingBlank ? 2 : 1
            pendingBlank = false
            line.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return String(line)
    }

    /// A body that is not what was expected: HTML without its tags, other text as it is.
    static func body(_ bytes: some Sequence<UInt8>, hiding secrets: Redactor, limit: Int = 200) -> String {
        let text = secrets.redacted(String(decoding: Array(bytes), as: UTF8.self))
        let isMarkup = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" } == "<"
        return line(isMarkup ? withoutTags(text) : text, limit: limit)
    }

    /// The visible words of an HTML page: tags become blanks, scripts and styles vanish, the common entities are read.
    static func withoutTags(_ html: String) -> String {
        var words = ""
        var rest = html[...]
        while let open = rest.firstIndex(of: "<") {
            words += rest[..<open] + " "
            let tag = rest[rest.index(after: open)...]
            let name = tag.prefix { $0.isLetter }.lowercased()
            guard let close = tag.firstIndex(of: ">") else { return readingEntities(words) }
            rest = tag[tag.index(after: close)...]
            if name == "script" || name == "style" {
                rest = rest.firstRange(of: "</").map { rest[$0.lowerBound...] } ?? ""
            }
        }
        return readingEntities(words + rest)
    }

    private static func readingEntities(_ text: String) -> String {
        guard text.contains("&") else { return text }
        let entities = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&"),
        ]
        return entities.reduce(text) { text, entity in
            text.split(separator: entity.0, omittingEmptySubsequences: false).joined(separator: entity.1)
        }
    }
}
