/// Reads one line of a scenario file from left to right and knows where it is.
struct LineCursor {
    let file: String
    let line: Int
    let characters: [Character]
    private(set) var position = 0

    init(_ text: Substring, file: String, line: Int) {
        characters = Array(text)
        self.file = file
        self.line = line
        skipBlanks()
    }

    /// Whether only blanks, or a comment, are left.
    var isAtEnd: Bool { position >= characters.count || characters[position] == "#" }
    var next: Character? { position < characters.count ? characters[position] : nil }

    mutating func skipBlanks() {
        while let character = next, character == " " || character == "\t" { position += 1 }
    }

    /// The next run of characters that are no blanks, without the blanks after it; nil at the end.
    mutating func word() -> Word? {
        guard !isAtEnd else { return nil }
        let start = position
        while let character = next, character != " ", character != "\t" { position += 1 }
        let text = String(characters[start..<position])
        skipBlanks()
        return Word(text: text, column: start + 1)
    }

    /// The word if it is this one; otherwise nothing is read.
    mutating func take(_ expected: String) -> Bool {
        let before = position
        if word()?.text == expected { return true }
        position = before
        return false
    }

    /// Reads this word or fails.
    mutating func expect(_ expected: String) throws {
        let column = position + 1
        guard take(expected) else { throw error("expected “\(expected)”", column: column) }
    }

    /// Reads a word, described by `what` when it is missing.
    mutating func word(_ what: String) throws -> Word {
        guard let word = word() else { throw error("expected \(what)") }
        return word
    }

    /// Reads a whole number within a range.
    mutating func integer(_ what: String, in range: ClosedRange<Int>) throws -> Int {
        let word = try word(what)
        guard let value = Int(word.text) else {
            throw error("expected \(what), not “\(word.text)”", column: word.column)
        }
        guard range.contains(value) else {
            throw error("\(what) must be \(range.lowerBound) to \(range.upperBound)", column: word.column)
        }
        return value
    }

    /// Reads a finite number.
    mutating func number(_ what: String) throws -> Double {
        let word = try word(what)
        guard let value = Double(word.text), value.isFinite else {
            throw error("expected \(what), not “\(word.text)”", column: word.column)
        }
        return value
    }

    /// Reads a duration such as `250ms`, `1.5s`, `2m` or `80us`, at most a day, in nanoseconds.
    mutating func duration() throws -> Int64 {
        let word = try word("a duration such as 250ms or 1.5s")
        let digits = word.text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units = ["us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9]
        guard let value = Double(digits), let unit = units[String(word.text.dropFirst(digits.count))] else {
            throw error("expected a duration such as 250ms or 1.5s, not “\(word.text)”", column: word.column)
        }
        guard value * unit <= 86_400e9 else { throw error("a duration is at most a day", column: word.column) }
        return Int64(value * unit)
    }

    /// The rest of the line, blanks and number signs included.
    mutating func rest() -> String {
        defer { position = characters.count }
        return String(characters[min(position, characters.count)...])
    }

    /// Reads the characters up to a closing quote; the cursor stands on the opening one.
    mutating func advance() -> Character? {
        guard let character = next else { return nil }
        position += 1
        return character
    }

    /// Fails if something is left.
    func expectEnd() throws {
        if !isAtEnd { throw error("unexpected “\(String(characters[position...].prefix(40)))”") }
    }

    /// An error at a column of this line, by default where the cursor stands.
    func error(_ message: String, column: Int? = nil) -> ScenarioError {
        ScenarioError(file: file, line: line, column: column ?? position + 1, message: message)
    }
}

/// A word of a line and the column, from 1, at which it begins.
struct Word {
    var text: String
    var column: Int
}
