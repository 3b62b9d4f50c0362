/// A text with variables: `{{name}}`, also with blanks inside, as promptfoo, Handlebars and Jinja write them.
///
/// A name begins with a letter or `_` and goes on with letters, digits, `-`, `_` and `.`, at most 64 in all; whatever else
/// stands between braces is text. Four braces on each side write a variable that is not one: `{{{{name}}}}` becomes
/// `{{name}}`.
public struct PromptTemplate: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case text(String)
        case variable(name: String, spelt: String)
    }

    private let pieces: [Piece]

    /// A template of a text.
    public init(_ text: String) {
        var pieces: [Piece] = []
        var plain = ""
        var rest = text[...]
        while let start = rest.range(of: "{{") {
            plain += rest[..<start.lowerBound]
            rest = rest[start.lowerBound...]
            let braces = rest.prefix { $0 == "{" }.count
            if braces == 4, let (name, end) = Self.name(rest, braces: 4) {
                plain += "{{" + name + "}}"
                rest = rest[end...]
            } else if braces == 2, let (name, end) = Self.name(rest, braces: 2) {
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                let bare = name.filter { $0 != " " && $0 != "\t" }
                pieces.append(.variable(name: bare, spelt: String(rest[..<end])))
                rest = rest[end...]
            } else {
                plain += rest.prefix(braces)
                rest = rest.dropFirst(braces)
            }
        }
        plain += rest
        if !plain.isEmpty { pieces.append(.text(plain)) }
        self.pieces = pieces
    }

    /// The names in the order in which they come first, each once.
    public var names: [String] {
        var names: [String] = []
        for case .variable(let name, _) in pieces where !names.contains(name) { names.append(name) }
        return names
    }

    /// The text with values in the places of their names. A name without a value stays as it was written; a value is not
    /// looked through for names.
    public func filled(_ values: [String: String]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .variable(let name, let spelt): values[name] ?? spelt
            }
        }.joined()
    }

    /// Whether a text can name a variable.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, text.utf8.count <= 64 else { return false }
        guard first == "_" || first.properties.isAlphabetic else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar == "_" || scalar == "-" || scalar == "." || scalar.properties.isAlphabetic
                || scalar.properties.numericType != nil || scalar.properties.generalCategory == .nonspacingMark
        }
    }

    /// What stands between so many braces at the beginning of a text, blanks included, when it is a name; and where the
    /// text goes on.
    private static func name(_ text: Substring, braces: Int) -> (name: String, end: Substring.Index)? {
        let inner = text.dropFirst(braces).prefix(100).prefix { $0 != "{" && $0 != "}" && !$0.isNewline }
        let after = text[inner.endIndex...]
        guard after.prefix(braces).count == braces, after.prefix(braces).allSatisfy({ $0 == "}" }),
            isName(inner.filter { $0 != " " && $0 != "\t" }), !isSplit(inner)
        else { return nil }
        return (String(inner), text.index(inner.endIndex, offsetBy: braces))
    }

    /// Whether blanks part a text in several words.
    private static func isSplit(_ text: Substring) -> Bool { text.split(whereSeparator: \.isWhitespace).count > 1 }
}

extension Substring {
    /// Where a short text comes first.
    fileprivate func range(of text: String) -> Range<Index>? {
        var place = startIndex
        while let found = self[place...].firstIndex(of: text.first ?? " ") {
            if self[found...].hasPrefix(text) { return found..<index(found, offsetBy: text.count) }
            place = index(after: found)
        }
        return nil
    }
}
