/// Variables in prompts: `{{name}}`, also with blanks inside, as in the files of presets.
///
/// A name begins with a letter or `_` and goes on with letters, digits, `-`, `_` and `.`, at most 64 bytes in all; whatever else
/// stands between braces is text. Four braces on each side write a variable that is not one: `{{{{name}}}}` becomes `{{name}}`.
enum PromptTemplate {
    private enum Piece {
        case text(Substring)
        case variable(name: String, spelt: Substring)
    }

    /// The names of the variables of a text, each once, in the order in which they appear.
    static func names(in text: String) -> [String] {
        var names: [String] = []
        for case .variable(let name, _) in pieces(of: text) where !names.contains(name) { names.append(name) }
        return names
    }

    /// The text with values in place of its variables; a variable without a value stays as it is. Values are not looked at again.
    static func filled(_ text: String, _ values: [String: String]) -> String {
        pieces(of: text).reduce(into: "") { filled, piece in
            switch piece {
            case .text(let text): filled += text
            case .variable(let name, let spelt): filled += values[name] ?? String(spelt)
            }
        }
    }

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            pieces.append(.text(rest[..<open.lowerBound]))
            rest = rest[open.lowerBound...]
            let braces = rest.prefix { $0 == "{" }.count
            if braces == 4, let (inner, after) = name(rest, braces: 4) {
                pieces.append(.text("{{\(inner)}}"))
                rest = after
            } else if braces == 2, let (inner, after) = name(rest, braces: 2) {
                pieces.append(.variable(name: inner.trimmed, spelt: rest[..<after.startIndex]))
                rest = after
            } else {
                pieces.append(.text(rest.prefix(braces)))
                rest = rest.dropFirst(braces)
            }
        }
        pieces.append(.text(rest))
        return pieces
    }

    /// What stands between so many braces at the beginning of a text when it is a name, and the text behind it.
    private static func name(_ text: Substring, braces: Int) -> (inner: Substring, after: Substring)? {
        let inner = text.dropFirst(braces).prefix(100).prefix { $0 != "{" && $0 != "}" && !$0.isNewline }
        let after = text[inner.endIndex...]
        guard after.prefix(braces).count == braces, after.prefix(braces).allSatisfy({ $0 == "}" }),
            isName(inner.trimmed)
        else { return nil }
        return (inner, after.dropFirst(braces))
    }

    private static func isName(_ text: String) -> Bool {
        guard text.utf8.count <= 64, let first = text.unicodeScalars.first,
            first == "_" || first.properties.isAlphabetic
        else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar == "_" || scalar == "-" || scalar == "." || scalar.properties.isAlphabetic
                || scalar.properties.numericType != nil || scalar.properties.generalCategory == .nonspacingMark
        }
    }
}
