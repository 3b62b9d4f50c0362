/// Takes a template apart. Linear in the length of the text, but for what nests.
struct TemplateParser {
    /// The filters, as they are written.
    static let filters = ["json", "upper", "lower", "trim", "lines", "truncate:N"]
    /// How deep `{{#each}}` may nest.
    private static let deepest = 8

    private var rest: ArraySlice<Unicode.Scalar>
    private var plain = String.UnicodeScalarView()
    private var open: [(lookup: TemplateLookup, pieces: [TemplatePiece])] = []
    private var pieces: [TemplatePiece] = []

    private init(_ text: String) { rest = Array(text.unicodeScalars)[...] }

    static func parse(_ text: String) throws(FieldTemplateError) -> [TemplatePiece] {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text.isEmpty ? [] : [.text(text)] }
        var parser = TemplateParser(text)
        try parser.run()
        return parser.pieces
    }

    private mutating func run() throws(FieldTemplateError) {
        while let scalar = rest.first {
            guard scalar == "{" else {
                plain.append(scalar)
                rest.removeFirst()
                continue
            }
            let braces = rest.prefix { $0 == "{" }.count
            if braces == 4, let inner = inner(braces: 4) {
                plain.append(contentsOf: "{{\(inner)}}".unicodeScalars)
            } else if braces == 2 {
                guard let inner = inner(braces: 2) else {
                    throw FieldTemplateError("\"{{\(Self.head(rest.dropFirst(2)))\" is not closed by \"}}\"")
                }
                try tag(inner)
            } else {
                plain.append(contentsOf: rest.prefix(braces))
                rest.removeFirst(braces)
            }
        }
        close()
        if let last = open.last {
            throw FieldTemplateError("{{#each \(last.lookup.path.joined(separator: "."))}} has no {{/each}}")
        }
    }

    /// What stands between so many braces here, and goes on behind them; nil when they are not closed.
    private mutating func inner(braces: Int) -> String? {
        let inner = rest.dropFirst(braces).prefix { $0 != "{" && $0 != "}" && $0 != "\n" }
        let after = rest[inner.endIndex...]
        guard after.prefix(braces).count == braces, after.prefix(braces).allSatisfy({ $0 == "}" }) else { return nil }
        rest = after.dropFirst(braces)
        return String(String.UnicodeScalarView(inner))
    }

    /// Ends the plain text.
    private mutating func close() {
        guard !plain.isEmpty else { return }
        pieces.append(.text(String(plain)))
        plain = String.UnicodeScalarView()
    }

    private mutating func tag(_ inner: String) throws(FieldTemplateError) {
        let words = inner.split(whereSeparator: \.isWhitespace)
        switch words.first {
        case "#each":
            guard words.count == 2 else { throw FieldTemplateError("{{#each}} needs one name: {{#each items}}") }
            guard open.count < Self.deepest else {
                throw FieldTemplateError("{{#each}} nests deeper than \(Self.deepest)")
            }
            let isAlone = dropLineEnd()
            if isAlone { dropIndent() }
            close()
            open.append((try Self.lookup(String(words[1])), pieces))
            pieces = []
        case "/each":
            guard words.count == 1, !open.isEmpty else { throw FieldTemplateError("{{/each}} closes nothing") }
            if dropLineEnd() { dropIndent() }
            close()
            let (lookup, before) = open.removeLast()
            pieces = before + [.each(lookup, pieces)]
        default:
            close()
            pieces.append(.value(try Self.lookup(inner)))
        }
    }

    /// Takes the line's end away behind a tag that stands alone on its line; whether it did.
    private mutating func dropLineEnd() -> Bool {
        let before = plain.reversed().prefix { $0 == " " || $0 == "\t" }.count
        let previous = plain.dropLast(before).last
        let isFirst = plain.count == before && (pieces.isEmpty && open.isEmpty)
        guard previous == "\n" || isFirst, rest.first == "\n" else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func dropIndent() {
        while plain.last == " " || plain.last == "\t" { plain.removeLast() }
    }

    private static func lookup(_ inner: String) throws(FieldTemplateError) -> TemplateLookup {
        let parts = inner.split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingBlanks() }
        let path = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard path.allSatisfy(isName), path[0].first?.isNumber == false else {
            let hint =
                parts[0].first == "#" || parts[0].first == "/"
                ? "; only {{#each items}} … {{/each}} is known"
                : "; a name is made of letters, digits, _ and -, and {{{{ … }}}} writes braces"
            throw FieldTemplateError("\"{{\(head(inner.unicodeScalars))}}\" names no field" + hint)
        }
        var lookup = TemplateLookup(path: path)
        for part in parts.dropFirst() { lookup.filters.append(try filter(part)) }
        return lookup
    }

    private static func isName(_ text: String) -> Bool {
        if text == "@index" { return true }
        return !text.isEmpty && text.utf8.count <= 200
            && text.unicodeScalars.allSatisfy { scalar in
                scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic
                    || scalar.properties.numericType != nil || scalar.properties.generalCategory == .nonspacingMark
            }
    }

    private static func filter(_ text: String) throws(FieldTemplateError) -> TemplateLookup.Filter {
        switch text {
        case "json": return .json
        case "upper": return .upper
        case "lower": return .lower
        case "trim": return .trim
        case "lines": return .lines
        default: break
        }
        let parts = text.split(separator: ":", maxSplits: 1).map { $0.trimmingBlanks() }
        guard parts.first == "truncate" else {
            throw FieldTemplateError("\"\(text)\" is no filter" + NameWords.suggestion(text, among: filters))
        }
        guard parts.count == 2, let count = Int(parts[1]), (0...1_000_000_000).contains(count) else {
            throw FieldTemplateError("\"truncate\" needs how many characters stay: truncate:200")
        }
        return .truncate(count)
    }

    private static func head(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        let text = String(String.UnicodeScalarView(scalars.prefix(40)))
        return String(text.prefix { !$0.isNewline })
    }
}

extension StringProtocol {
    /// Without blanks and tabs at both ends.
    func trimmingBlanks() -> String {
        let head = drop { $0 == " " || $0 == "\t" }
        return String(head.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
