/// Variables in prompts: `{{name}}`. A name begins with a letter or `_`; letters, digits, `_` and `-` follow; blanks around it do
/// not count. Anything else between braces stays as it is, so that most templates of other programs can be sent untouched. `{{{{`
/// stands for `{{`.
enum PromptTemplate {
    private enum Piece {
        case text(Substring)
        case variable(String)
    }

    /// The names of the variables of a text, each once, in the order in which they appear.
    static func names(in text: String) -> [String] {
        var names: [String] = []
        for case .variable(let name) in pieces(of: text) where !names.contains(name) { names.append(name) }
        return names
    }

    /// The text with values in place of its variables; a variable without a value stays as it is. Values are not looked at again.
    static func filled(_ text: String, _ values: [String: String]) -> String {
        pieces(of: text).reduce(into: "") { filled, piece in
            switch piece {
            case .text(let text): filled += text
            case .variable(let name): filled += values[name] ?? "{{\(name)}}"
            }
        }
    }

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            pieces.append(.text(rest[..<open.lowerBound]))
            let after = rest[open.upperBound...]
            if after.hasPrefix("{{") {
                pieces.append(.text("{{"))
                rest = after.dropFirst(2)
            } else if let close = after.firstRange(of: "}}"), let name = name(after[..<close.lowerBound]) {
                pieces.append(.variable(name))
                rest = after[close.upperBound...]
            } else {
                pieces.append(.text("{{"))
                rest = after
            }
        }
        pieces.append(.text(rest))
        return pieces
    }

    private static func name(_ inside: Substring) -> String? {
        let name = inside.trimmed
        guard name.utf8.count <= 64, let first = name.unicodeScalars.first,
            first == "_" || first.properties.isAlphabetic
        else { return nil }
        let isName = name.unicodeScalars.allSatisfy {
            $0 == "_" || $0 == "-" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
        return isName ? name : nil
    }
}
