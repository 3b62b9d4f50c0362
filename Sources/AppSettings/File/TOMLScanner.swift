/// Finds where the keys of a TOML text stand, which the parser does not tell, and refuses texts so deeply nested that the
/// parser would run out of stack.
///
/// Reads only as much of the grammar as it takes to find keys; what is no TOML the parser complains about.
struct TOMLScanner {
    /// The most parts of a dotted key, and the deepest nesting of arrays and inline tables.
    static let maximumDepth = 32

    /// Places of keys by path. The first place counts.
    private(set) var positions: [[String]: SourcePosition] = [:]
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var lineStart = 0
    private let file: String?

    /// Scans a text. Throws `FileProblem` when it nests too deeply.
    init(_ text: String, file: String?) throws(FileProblem) {
        scalars = Array(text.unicodeScalars)
        self.file = file
        try scan()
    }

    private var here: SourcePosition { SourcePosition(line: line, column: index - lineStart + 1) }
    private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func advance() {
        guard index < scalars.count else { return }
        index += 1
        if scalars[index - 1] == "\n" {
            line += 1
            lineStart = index
        }
    }

    private mutating func scan() throws(FileProblem) {
        var header: [String] = []
        while let scalar = current {
            switch scalar {
            case " ", "\t", "\r", "\n": advance()
            case "#": skipLine()
            case "[":
                while current == "[" { advance() }
                header = try key(under: [])
                skipLine()
            default:
                let start = index
                let path = try key(under: header)
                if current == "=" {
                    advance()
                    try skipValue(path, depth: 0)
                }
                if index == start { advance() }
            }
        }
    }

    private mutating func skipLine() {
        while let scalar = current, scalar != "\n" { advance() }
    }

    private mutating func skipBlank() {
        while let scalar = current, scalar == " " || scalar == "\t" { advance() }
    }

    /// A dotted key; notes where it and its prefixes stand.
    private mutating func key(under prefix: [String]) throws(FileProblem) -> [String] {
        var path = prefix
        while true {
            skipBlank()
            let start = here
            let part = keyPart()
            guard !part.isEmpty || path.count == prefix.count else { return path }
            path.append(part)
            guard path.count <= Self.maximumDepth else { throw tooDeep(start) }
            if positions[path] == nil { positions[path] = start }
            skipBlank()
            guard current == "." else { return path }
            advance()
        }
    }

    private mutating func keyPart() -> String {
        if let quote = current, quote == "\"" || quote == "'" { return string(quote) }
        var part = String.UnicodeScalarView()
        while let scalar = current, !" \t\r\n.=]#[{},\"'".unicodeScalars.contains(scalar) {
            part.append(scalar)
            advance()
        }
        return String(part)
    }

    /// A string in one line, its escapes resolved.
    private mutating func string(_ quote: Unicode.Scalar) -> String {
        var text = String.UnicodeScalarView()
        advance()
        while let scalar = current, scalar != quote, scalar != "\n" {
            advance()
            if scalar == "\\", quote == "\"" {
                if let escaped = escape() { text.append(escaped) }
            } else {
                text.append(scalar)
            }
        }
        if current == quote { advance() }
        return String(text)
    }

    /// The character that an escape stands for, behind its backslash; nil when there is none.
    private mutating func escape() -> Unicode.Scalar? {
        guard let letter = current, letter != "\n" else { return nil }
        advance()
        switch letter {
        case "b": return "\u{8}"
        case "t": return "\t"
        case "n": return "\n"
        case "f": return "\u{C}"
        case "r": return "\r"
        case "e": return "\u{1B}"
        case "u", "U":
            var value: UInt32 = 0
            for _ in 0..<(letter == "u" ? 4 : 8) {
                guard let digit = current.flatMap({ Character($0).hexDigitValue }) else { return nil }
                value = value << 4 | UInt32(digit)
                advance()
            }
            return Unicode.Scalar(value)
        default: return letter
        }
    }

    private mutating func skipValue(_ path: [String], depth: Int) throws(FileProblem) {
        guard depth < Self.maximumDepth else { throw tooDeep(here) }
        skipBlank()
        switch current {
        case "\"", "'": skipString()
        case "[": try skipList(path, depth: depth)
        case "{": try skipTable(path, depth: depth)
        default:
            while let scalar = current, !",]}\n#".unicodeScalars.contains(scalar) { advance() }
        }
    }

    private mutating func skipString() {
        guard let quote = current else { return }
        guard isTriple(quote) else {
            _ = string(quote)
            return
        }
        for _ in 0..<3 { advance() }
        while current != nil, !isTriple(quote) {
            if current == "\\", quote == "\"" { advance() }
            advance()
        }
        while current == quote { advance() }
    }

    private func isTriple(_ quote: Unicode.Scalar) -> Bool {
        index + 2 < scalars.count && scalars[index] == quote && scalars[index + 1] == quote
            && scalars[index + 2] == quote
    }

    private mutating func skipList(_ path: [String], depth: Int) throws(FileProblem) {
        advance()
        while let scalar = current, scalar != "]" {
            switch scalar {
            case " ", "\t", "\r", "\n", ",": advance()
            case "#": skipLine()
            default:
                let start = index
                try skipValue(path, depth: depth + 1)
                if index == start { advance() }
            }
        }
        advance()
    }

    private mutating func skipTable(_ path: [String], depth: Int) throws(FileProblem) {
        advance()
        while let scalar = current, scalar != "}" {
            switch scalar {
            case " ", "\t", "\r", "\n", ",": advance()
            default:
                let start = index
                let inner = try key(under: path)
                if current == "=" {
                    advance()
                    try skipValue(inner, depth: depth + 1)
                }
                if index == start { advance() }
            }
        }
        advance()
    }

    private func tooDeep(_ position: SourcePosition) -> FileProblem {
        FileProblem(file: file, at: position, "nests deeper than \(Self.maximumDepth) levels")
    }
}
