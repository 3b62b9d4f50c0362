extension CodeReader {
    // MARK: Comments

    /// Reads a comment that begins here. False when none does.
    mutating func readComment() -> Bool {
        for (number, form) in language.comments.enumerated() {
            guard let open = form.open.match(bytes, at: index, before: end), isInPlace(form) else { continue }
            guard form.close != nil else {
                emit(to: end, form.token)
                return true
            }
            finishComment(number, depth: 1, level: open.level, from: open.end)
            return true
        }
        return false
    }

    private func isInPlace(_ form: CommentForm) -> Bool {
        switch form.place {
        case .anywhere: true
        case .afterBlank: index == 0 || bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 || bytes[index - 1] == 0x3B
        case .lineStart: index == 0
        }
    }

    /// Reads a comment on from a place inside it.
    mutating func finishComment(_ number: Int, depth: Int, level: Int? = nil, from start: Int) {
        let form = language.comments[number]
        guard let close = form.close else { return }
        // A comment with a level has no depth: the one counter carries either.
        let isLevelled = close.repeated != nil
        let level = isLevelled ? level ?? depth - 1 : 0
        var depth = isLevelled ? 1 : depth
        let begins = form.place == .lineStart
        if begins, start > index || !Delimiter.matches(close.head, bytes, at: start, before: end) {
            state.mode = .comment(form: UInt8(number), depth: 1)
            return emit(to: end, form.token)
        }
        if begins {
            state.mode = .code
            return emit(to: end, form.token)
        }
        var place = start
        while place < end {
            if let after = close.end(bytes, at: place, level: level, before: end) {
                place = after
                depth -= 1
                if depth == 0 {
                    state.mode = .code
                    return emit(to: place, form.token)
                }
            } else if form.nests, let open = form.open.match(bytes, at: place, before: end) {
                depth = min(depth + 1, 0x7FFF)
                place = open.end
            } else {
                place += 1
            }
        }
        state.mode = .comment(form: UInt8(number), depth: UInt16(isLevelled ? level + 1 : depth))
        emit(to: end, form.token)
    }

    // MARK: Strings

    /// Reads a string that begins here. False when none does.
    mutating func readString() -> Bool {
        for (number, form) in language.strings.enumerated() where form.isBare {
            guard let open = form.open.match(bytes, at: index, before: end) else {
                if form.open.head.isEmpty, skipLevels(form) { return true }
                continue
            }
            if bytes[index] == UInt8(ascii: "'"), language.traits.contains(.labels), !isCharacter { return false }
            if language.traits.contains(.wholeValues), before == .operand { return false }
            finishString(number, level: open.level, from: open.end)
            return true
        }
        return false
    }

    /// Reads a run of the byte that may stand before a string, once for all its places; a single one may begin a word.
    private mutating func skipLevels(_ form: StringForm) -> Bool {
        guard let repeated = form.open.repeated, bytes[index] == repeated, byte(at: index + 1) == repeated else {
            return false
        }
        var place = index
        while place < end, bytes[place] == repeated { place += 1 }
        emit(to: place, .operator)
        return true
    }

    /// Whether a quotation mark here opens a character: one scalar or an escape, and the mark again.
    private var isCharacter: Bool {
        guard let next = byte(at: index + 1) else { return false }
        if next == UInt8(ascii: "\\") { return true }
        let length = next < 0x80 ? 1 : next < 0xE0 ? 2 : next < 0xF0 ? 3 : 4
        return byte(at: index + 1 + length) == UInt8(ascii: "'")
    }

    /// Reads a string whose first letters were read as a word. False when none follows.
    mutating func readPrefixedString(_ word: PackedWord, at place: Int) -> Bool {
        guard let next = byte(at: place), next < 0x30 || next == UInt8(ascii: "`") else { return false }
        for (number, form) in language.strings.enumerated() where form.prefixes.contains(word) {
            guard let open = form.open.match(bytes, at: place, before: end) else { continue }
            guard form.hasOwnWord else {
                finishString(number, level: open.level, from: open.end)
                return true
            }
            var stop = open.end
            while stop < end, stop - open.end <= 16, bytes[stop] != UInt8(ascii: "(") { stop += 1 }
            guard byte(at: stop) == UInt8(ascii: "(") else { return false }
            let own = String(decoding: bytes[open.end..<stop], as: UTF8.self)
            finishText(until: ")" + own + "\"", from: stop + 1)
            return true
        }
        return language.traits.contains(.quoteWords) && readQuoteWord(after: word, at: place)
    }

    /// Reads a string on from a place inside it.
    mutating func finishString(_ number: Int, level: Int, from start: Int) {
        let form = language.strings[number]
        // With a level above none the backslash is a character like others (Swift).
        let escape: StringForm.Escape = level > 0 ? .none : form.escape
        var place = start
        var continues = form.spansLines
        while place < end {
            let byte = bytes[place]
            if escape == .backslash, let open = language.interpolation?.open, byte == open.first,
                Delimiter.matches(open, bytes, at: place, before: end)
            {
                place = afterInterpolation(place + open.count)
            } else if escape == .backslash, byte == UInt8(ascii: "\\") {
                if place + 1 == end { continues = true }
                place += 2
            } else if let after = form.close.end(bytes, at: place, level: level, before: end) {
                if escape == .doubled, let second = form.close.end(bytes, at: after, level: level, before: end) {
                    place = second
                    continue
                }
                state.mode = .code
                return endString(after)
            } else {
                place += 1
            }
        }
        state.mode = continues ? .string(form: UInt8(number), level: UInt8(level)) : .code
        emit(to: end, .string)
    }

    private mutating func endString(_ place: Int) {
        var token = CodeToken.string
        if case .json = language.keys, let next = firstInk(place), bytes[next] == UInt8(ascii: ":") {
            token = .attribute
        }
        emit(to: place, token)
        before = .operand
        expectsCommand = false
    }

    /// Behind code in a string; the end of the line when it does not close, so that it is read only once.
    private func afterInterpolation(_ start: Int) -> Int {
        guard let interpolation = language.interpolation else { return start }
        var depth = 1
        var place = start
        while place < end {
            let byte = bytes[place]
            if byte == interpolation.bracket {
                depth += 1
            } else if byte == interpolation.closing {
                depth -= 1
                if depth == 0 { return place + 1 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") {
                var inner = place + 1
                while inner < end, bytes[inner] != byte {
                    inner += bytes[inner] == UInt8(ascii: "\\") ? 2 : 1
                }
                place = inner
            }
            place += 1
        }
        return end
    }

    // MARK: Texts with ends of their own

    /// Reads a string on until a text stands there.
    mutating func finishText(until close: String, from start: Int) {
        let mark = Array(close.utf8)
        var place = start
        while place < end {
            if bytes[place] == mark[0], Delimiter.matches(mark, bytes, at: place, before: end) {
                state.mode = .code
                emit(to: place + mark.count, .string)
                before = .operand
                return
            }
            place += 1
        }
        state.mode = .until(close)
        emit(to: end, .string)
    }

    /// Reads a line of a text that was announced.
    mutating func readHeredoc(_ open: [Heredoc]) {
        guard let heredoc = open.first else {
            state.mode = .code
            return
        }
        let start = heredoc.mayIndent ? firstInk(index) ?? end : index
        let word = Array(heredoc.word.utf8)
        var isLast = Delimiter.matches(word, bytes, at: start, before: end)
        let after = start + word.count
        if isLast, after < end {
            let behind = bytes[after]
            // PHP goes on behind the word; others end a text only with a line of the word alone.
            isLast = language.heredocs == .php ? !Self.isWord(behind) : firstInk(after) == nil
        }
        guard isLast else { return emit(to: end, .string) }
        let rest = Array(open.dropFirst())
        state.mode = rest.isEmpty ? .code : .heredocs(rest)
        emit(to: rest.isEmpty ? after : end, .string)
    }

    /// Reads what announces a text of several lines. False when nothing does.
    mutating func readHeredocStart() -> Bool {
        let isPHP = language.heredocs == .php
        guard isPHP ? starts("<<<", at: index) : starts("<<", at: index), heredocs.count < 8 else { return false }
        var place = index + (isPHP ? 3 : 2)
        var mayIndent = isPHP
        if let mark = byte(at: place), mark == UInt8(ascii: "-") || mark == UInt8(ascii: "~") {
            mayIndent = true
            place += 1
        } else if !isPHP, byte(at: place) == UInt8(ascii: "<") {
            emit(to: index + 3, .operator)
            return true
        }
        if language.heredocs != .ruby { place = firstInk(place) ?? end }
        guard var start = byte(at: place) else { return false }
        let quote = start == UInt8(ascii: "'") || start == UInt8(ascii: "\"") ? start : nil
        if quote != nil { place += 1 }
        start = byte(at: place) ?? 0
        let isName = language.heredocs == .ruby && quote == nil ? start &- 0x41 < 26 : Self.isWord(start)
        guard isName, !Self.isDigit(start) else { return false }
        let wordStart = place
        while place < end, Self.isWord(bytes[place]), place - wordStart < 64 { place += 1 }
        let word = String(decoding: bytes[wordStart..<place], as: UTF8.self)
        if let quote {
            guard byte(at: place) == quote else { return false }
            place += 1
        }
        heredocs.append(Heredoc(word: word, mayIndent: mayIndent))
        emit(to: place, .string)
        before = .operand
        return true
    }

    // MARK: Patterns and quotes with marks of one's choice

    /// `/…/` where a value may stand, closed in this line.
    mutating func readPattern() -> Bool {
        guard before != .operand, !lacksPatternEnd, let next = byte(at: index + 1) else { return false }
        guard next != 0x20, next != UInt8(ascii: "=") else { return false }
        var place = index + 1
        var isInClass = false
        while place < end {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "["): isInClass = true
            case UInt8(ascii: "]"): isInClass = false
            case UInt8(ascii: "/") where !isInClass:
                place += 1
                while place < end, (bytes[place] | 0x20) &- 0x61 < 26 { place += 1 }
                emit(to: place, .string)
                before = .operand
                return true
            default: break
            }
            place += 1
        }
        lacksPatternEnd = true
        return false
    }

    /// `%w[…]`, `%(…)` from behind the per cent sign.
    mutating func readQuoteWord(from start: Int) -> Bool {
        guard before != .operand, var mark = byte(at: start) else { return false }
        var place = start
        if (mark | 0x20) &- 0x61 < 26 {
            place += 1
            mark = byte(at: place) ?? 0
        }
        guard Self.brackets.contains(mark) else { return false }
        emit(to: closing(of: place), .string)
        before = .operand
        return true
    }

    /// `q( )`, `qw/ /`, `s/a/b/` behind their word.
    private mutating func readQuoteWord(after word: PackedWord, at place: Int) -> Bool {
        guard Self.quoteWords.contains(word), before != .operand else { return false }
        let mark = bytes[place]
        guard Self.brackets.contains(mark) || mark == UInt8(ascii: "/") || mark == UInt8(ascii: "|") else {
            return false
        }
        var stop = closing(of: place)
        if Self.twoPartWords.contains(word), stop < end {
            let second = Self.brackets.contains(mark) ? firstInk(stop) ?? end : stop - 1
            if second < end { stop = closing(of: second) }
        }
        while stop < end, (bytes[stop] | 0x20) &- 0x61 < 26 { stop += 1 }
        emit(to: stop, .string)
        before = .operand
        return true
    }

    private static let brackets = ByteSet("([{<")
    private static let quoteWords = Set(
        ["q", "qq", "qw", "qr", "qx", "m", "s", "tr", "y"].compactMap { PackedWord($0) })
    private static let twoPartWords = Set(["s", "tr", "y"].compactMap { PackedWord($0) })
}
