extension CodeReader {
    /// Reads a word and tells what it is.
    mutating func readWord() {
        let start = index
        let place = wordEnd(start + 1)
        let packed = PackedWord(
            bytes, start..<place, lowercased: language.traits.contains(.ignoresCase))
        if let packed, readPrefixedString(packed, at: place) { return }
        if let token = keyToken(start..<place) {
            emit(to: place, token)
            before = .operand
            return
        }
        let token = kind(start..<place, packed)
        let isMacro =
            token != .keyword && language.traits.contains(.rust) && byte(at: place) == UInt8(ascii: "!")
            && byte(at: place + 1).map(Self.macroBrackets.contains) == true
        emit(to: isMacro ? place + 1 : place, isMacro ? .function : token)
        definesFunction = packed.map(language.definers.contains) == true
        before = token == .keyword ? .other : .operand
        if language.traits.contains(.commands) { noteCommand(start..<place, packed, token) }
    }

    /// What may follow a word of a shell: a command, the `in` of a loop, neither.
    private mutating func noteCommand(_ range: Range<Int>, _ packed: PackedWord?, _ token: CodeToken) {
        let isKeyword = token == .keyword
        // The name between `for` and `in` keeps the wait.
        expectsIn = isKeyword ? packed.map(Self.loopWords.contains) == true : expectsIn
        if expectsCommand, !isKeyword, token != .function { return }
        expectsCommand = isKeyword && packed.map(Self.openWords.contains) == true
    }

    private static let loopWords = Set(["for", "case", "select"].compactMap { PackedWord($0) })
    private static let openWords = Set(
        ["if", "then", "else", "elif", "while", "until", "do", "time", "exec", "eval", "begin"].compactMap {
            PackedWord($0)
        })
    private static let inWord = PackedWord("in")

    private static let macroBrackets = ByteSet("([{")

    func wordEnd(_ start: Int) -> Int {
        var place = start
        while place < end {
            let byte = bytes[place]
            guard Self.isWord(byte) || language.wordBytes.contains(byte) else { break }
            place += 1
        }
        return place
    }

    private func kind(_ range: Range<Int>, _ packed: PackedWord?) -> CodeToken {
        let isMember = range.lowerBound > 0 && bytes[range.lowerBound - 1] == UInt8(ascii: ".")
        if !isMember, let packed, let token = language.words[packed], isInPlace(token, range, packed) { return token }
        if language.traits.contains(.wholeValues) { return .plain }
        if definesFunction { return .function }
        if language.traits.contains(.commands) { return commandKind(range) }
        let isCall = language.traits.contains(.calls) && byte(at: range.upperBound) == UInt8(ascii: "(")
        if bytes[range.lowerBound] &- 0x41 < 26 {
            if isCall, isMember { return .function }
            let isLong = range.count > 1
            let hasSmall = range.contains { bytes[$0] &- 0x61 < 26 }
            if !hasSmall, isLong, language.traits.contains(.capitalConstants) { return isCall ? .function : .constant }
            if language.traits.contains(.capitalTypes) { return .type }
        }
        if case .css = language.keys, state.depth == 0 { return isMember ? .type : .function }
        return isCall ? .function : .plain
    }

    /// Whether a word of the language counts where it stands.
    private func isInPlace(_ token: CodeToken, _ range: Range<Int>, _ packed: PackedWord) -> Bool {
        if language.traits.contains(.wholeValues) { return isWholeValue(to: range.upperBound) }
        if language.traits.contains(.firstWords), token == .keyword { return before == .nothing }
        if language.traits.contains(.commands), token == .keyword {
            return expectsCommand || before == .nothing || (packed == Self.inWord && expectsIn)
        }
        if case .css = language.keys { return state.depth > 0 }
        return true
    }

    private func commandKind(_ range: Range<Int>) -> CodeToken {
        guard expectsCommand else { return .plain }
        // An assignment before a command: neither its name nor its value is the command.
        let isName = byte(at: range.upperBound) == UInt8(ascii: "=") || starts("+=", at: range.upperBound)
        let isValue = range.lowerBound > 0 && bytes[range.lowerBound - 1] == UInt8(ascii: "=")
        return isName || isValue ? .plain : .function
    }

    private func keyToken(_ range: Range<Int>) -> CodeToken? {
        guard case .css = language.keys, state.depth > 0, !opensBrace else { return nil }
        guard before != .operand, let next = firstInk(range.upperBound) else { return nil }
        return bytes[next] == UInt8(ascii: ":") ? .attribute : nil
    }

    /// Reads what begins with a mark: attributes, directives, names with a sigil, patterns. False when it is none.
    mutating func readMark(_ byte: UInt8) -> Bool {
        let traits = language.traits
        switch byte {
        case UInt8(ascii: "@"):
            if traits.contains(.atAttributes) { return readSigil(.attribute) }
            return traits.contains(.symbols) && readSigil(.plain, doubled: true)
        case UInt8(ascii: "#"): return readHash()
        case UInt8(ascii: "$"):
            if traits.contains(.dollarConstants) { return readVariable() }
            return traits.contains(.dollarNames) && readSigil(.plain)
        case UInt8(ascii: ":"):
            guard traits.contains(.symbols), before != .operand, self.byte(at: index + 1) != byte else { return false }
            return readSigil(.constant)
        case UInt8(ascii: "'"): return traits.contains(.labels) && readLabel()
        case UInt8(ascii: "/"): return traits.contains(.patterns) && readPattern()
        case UInt8(ascii: "-"): return traits.contains(.commands) && readOption()
        case UInt8(ascii: "%"): return traits.contains(.quoteWords) && readQuoteWord(from: index + 1)
        default: return false
        }
    }

    private mutating func readSigil(_ token: CodeToken, doubled: Bool = false) -> Bool {
        var place = index + 1
        if doubled, byte(at: place) == bytes[index] { place += 1 }
        guard let first = byte(at: place), Self.isWord(first), !Self.isDigit(first) else { return false }
        emit(to: wordEnd(place), token)
        before = .operand
        return true
    }

    private mutating func readHash() -> Bool {
        if language.traits.contains(.rust) {
            let bracket = byte(at: index + 1) == UInt8(ascii: "!") ? index + 2 : index + 1
            guard byte(at: bracket) == UInt8(ascii: "[") else { return false }
            emit(to: closing(of: bracket), .attribute)
            return true
        }
        if case .css = language.keys, let next = byte(at: index + 1), Self.isWord(next) {
            emit(to: wordEnd(index + 1), state.depth > 0 ? .number : .type)
            before = .operand
            return true
        }
        guard language.traits.contains(.hashWords) || (language.traits.contains(.directives) && before == .nothing)
        else {
            return false
        }
        let word = firstInk(index + 1) ?? end
        emit(to: wordEnd(word), .attribute)
        before = .other
        return true
    }

    /// Behind the bracket that closes the one at a place, or the end of the line.
    func closing(of place: Int) -> Int {
        let open = bytes[place]
        let close: UInt8 =
            switch open {
            case UInt8(ascii: "("): UInt8(ascii: ")")
            case UInt8(ascii: "["): UInt8(ascii: "]")
            case UInt8(ascii: "{"): UInt8(ascii: "}")
            case UInt8(ascii: "<"): UInt8(ascii: ">")
            default: open
            }
        var depth = 0
        var place = place
        while place < end {
            if bytes[place] == open, depth == 0 || open != close {
                depth += 1
            } else if bytes[place] == close {
                depth -= 1
                if depth == 0 { return place + 1 }
            } else if bytes[place] == UInt8(ascii: "\\") {
                place += 1
            }
            place += 1
        }
        return end
    }

    /// `$name`, `${…}`, `$(…` (its bracket only), `$1`, `$?`.
    private mutating func readVariable() -> Bool {
        guard let next = byte(at: index + 1) else { return false }
        var place = index + 1
        if next == UInt8(ascii: "{") {
            place = closing(of: place)
        } else if next == UInt8(ascii: "("), case .make = language.keys {
            place = closing(of: place)
        } else if next == UInt8(ascii: "(") {
            emit(to: index + 2, .operator)
            expectsCommand = true
            return true
        } else if Self.isWord(next) {
            while place < end, Self.isWord(bytes[place]) { place += 1 }
        } else if Self.parameters.contains(next) {
            place += 1
        } else {
            return false
        }
        emit(to: place, .constant)
        before = .operand
        expectsCommand = false
        return true
    }

    private static let parameters = ByteSet("@*#?$!-<^+")

    private mutating func readOption() -> Bool {
        guard index > 0, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 else { return false }
        var place = index + 1
        if byte(at: place) == UInt8(ascii: "-") { place += 1 }
        guard let first = byte(at: place), Self.isWord(first) else { return false }
        while place < end, Self.isWord(bytes[place]) || bytes[place] == UInt8(ascii: "-") { place += 1 }
        emit(to: place, .attribute)
        return true
    }

    /// `'a` without a closing mark: a lifetime or a label.
    private mutating func readLabel() -> Bool {
        let place = wordEnd(index + 1)
        guard place > index + 1 else { return false }
        emit(to: place, .attribute)
        before = .operand
        return true
    }
}
