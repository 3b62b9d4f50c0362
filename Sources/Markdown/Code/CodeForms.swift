/// What opens or closes a comment or a string: a head, any number of times one byte, a tail (`[==[`, `##"`).
struct Delimiter: Sendable, Hashable {
    /// The most times the byte is counted.
    static let maximumLevel = 255

    let head: [UInt8]
    let repeated: UInt8?
    let tail: [UInt8]

    init(_ head: String, repeating repeated: Character? = nil, _ tail: String = "") {
        self.head = Array(head.utf8)
        self.repeated = repeated?.asciiValue
        self.tail = Array(tail.utf8)
    }

    /// The bytes it can begin with.
    var first: [UInt8] { head.first.map { [$0] } ?? [repeated, tail.first].compactMap { $0 } }

    /// Where it ends and how often the byte stood there, when it begins at a place.
    func match(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, before end: Int) -> (end: Int, level: Int)? {
        guard Self.matches(head, bytes, at: start, before: end) else { return nil }
        var index = start + head.count
        var level = 0
        if let repeated {
            while index < end, bytes[index] == repeated, level < Self.maximumLevel {
                index += 1
                level += 1
            }
        }
        guard Self.matches(tail, bytes, at: index, before: end) else { return nil }
        return (index + tail.count, level)
    }

    /// Where it ends, when it begins at a place with the byte so many times.
    func end(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, level: Int, before end: Int) -> Int? {
        guard Self.matches(head, bytes, at: start, before: end) else { return nil }
        var index = start + head.count
        if let repeated {
            for _ in 0..<level {
                guard index < end, bytes[index] == repeated else { return nil }
                index += 1
            }
        }
        return Self.matches(tail, bytes, at: index, before: end) ? index + tail.count : nil
    }

    static func matches(_ text: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, before end: Int) -> Bool {
        guard start + text.count <= end else { return false }
        for offset in text.indices where bytes[start + offset] != text[offset] { return false }
        return true
    }
}

/// A form of comment.
struct CommentForm: Sendable, Hashable {
    let open: Delimiter
    /// nil = it ends with its line.
    let close: Delimiter?
    var nests = false
    /// Where it may begin.
    var place = Place.anywhere
    var token = CodeToken.comment

    enum Place: Sendable, Hashable {
        case anywhere
        /// At the beginning of a line or behind a blank.
        case afterBlank
        /// At the beginning of a line; it ends with the line that begins with its end.
        case lineStart
    }

    /// A comment to the end of the line.
    static func line(_ open: String, _ place: Place = .anywhere) -> CommentForm {
        CommentForm(open: Delimiter(open), close: nil, place: place)
    }

    /// A comment between marks.
    static func block(_ open: String, _ close: String, nests: Bool = false, token: CodeToken = .comment) -> CommentForm
    {
        CommentForm(open: Delimiter(open), close: Delimiter(close), nests: nests, token: token)
    }

    /// A comment of whole lines.
    static func lines(_ open: String, _ close: String) -> CommentForm {
        CommentForm(open: Delimiter(open), close: Delimiter(close), place: .lineStart)
    }

    /// `//` and `/* */`.
    static let c: [CommentForm] = [.line("//"), .block("/*", "*/")]
}

/// A form of string.
struct StringForm: Sendable, Hashable {
    enum Escape: Sendable, Hashable {
        case none, backslash
        /// The closing mark twice.
        case doubled
    }

    let open: Delimiter
    let close: Delimiter
    let escape: Escape
    /// Whether it goes on over the end of a line.
    let spansLines: Bool
    /// Words that may stand before it.
    let prefixes: Set<PackedWord>
    /// Whether it may stand without one of them.
    let isBare: Bool
    /// Whether its close is what opened it with a word of the program's own in it: C++'s `R"word( )word"`.
    var hasOwnWord = false

    init(
        _ open: Delimiter, _ close: Delimiter, _ escape: Escape, spansLines: Bool, prefixes: String = "",
        isBare: Bool = true
    ) {
        self.open = open
        self.close = close
        self.escape = escape
        self.spansLines = spansLines
        self.prefixes = Set(prefixes.split(separator: " ").compactMap { PackedWord(String($0)) })
        self.isBare = isBare
    }

    /// A string between equal marks.
    init(_ mark: String, _ escape: Escape = .backslash, spansLines: Bool = false, prefixes: String = "") {
        self.init(Delimiter(mark), Delimiter(mark), escape, spansLines: spansLines, prefixes: prefixes)
    }

    /// The same form with words that may stand before it.
    init(_ form: StringForm, prefixes: String) {
        self.init(form.open, form.close, form.escape, spansLines: form.spansLines, prefixes: prefixes)
    }

    /// `"` and `'` with backslashes.
    static let quotes: [StringForm] = [StringForm("\""), StringForm("'")]
}

/// Code inside a string, up to its closing bracket: quotation marks in it do not end the string.
struct Interpolation: Sendable, Hashable {
    /// What begins it; its last byte is the bracket.
    let open: [UInt8]
    let bracket: UInt8
    let closing: UInt8

    init(_ open: String, closing: Character, bracket: Character? = nil) {
        self.open = Array(open.utf8)
        self.bracket = bracket?.asciiValue ?? self.open.last ?? 0
        self.closing = closing.asciiValue ?? 0
    }
}
