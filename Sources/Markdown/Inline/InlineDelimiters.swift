// Emphasis, strong emphasis, strikethrough.
extension InlineParser {
    /// A run of delimiters: onto the stack.
    mutating func delimiter(_ character: UInt8) -> Bool {
        let count = bytes.run(of: character, from: position, to: bytes.count)
        let end = position + count
        steps += count
        let before = CharacterKind(before: position, in: bytes)
        let after = CharacterKind(at: end, in: bytes)
        let isLeft = after != .space && (after != .punctuation || before != .word)
        let isRight = before != .space && (before != .punctuation || after != .word)
        var run = DelimiterRun(
            character: character, length: count,
            canOpen: character == .underscore ? isLeft && (!isRight || before == .punctuation) : isLeft,
            canClose: character == .underscore ? isRight && (!isLeft || after == .punctuation) : isRight,
            left: count, previous: lastDelimiter)
        if character == .tilde, count > 2 { run.isActive = false }
        if run.isActive, run.canOpen || run.canClose {
            if lastDelimiter >= 0 { delimiters[lastDelimiter].next = delimiters.count }
            lastDelimiter = delimiters.count
        } else {
            run.isActive = false
        }
        delimiters.append(run)
        add(.delimiter(delimiters.count - 1), to: end)
        return true
    }

    /// Takes a run out of the stack.
    private mutating func remove(_ index: Int) {
        let run = delimiters[index]
        delimiters[index].isActive = false
        if run.previous >= 0 { delimiters[run.previous].next = run.next }
        if run.next >= 0 { delimiters[run.next].previous = run.previous } else { lastDelimiter = run.previous }
    }

    /// Pairs the runs above one of the stack, then takes them out.
    mutating func pairDelimiters(above bottom: Int) {
        var bottoms = Array(repeating: bottom, count: 16)
        var closer = lastDelimiter
        while closer >= 0, delimiters[closer].previous > bottom { closer = delimiters[closer].previous }
        if closer <= bottom { closer = -1 }
        while closer >= 0 {
            steps += 1
            let run = delimiters[closer]
            guard run.canClose else {
                closer = run.next
                continue
            }
            let key = Self.key(run)
            if let opener = opener(of: closer, above: max(bottom, bottoms[key])) {
                closer = pair(opener, closer)
            } else {
                bottoms[key] = run.previous
                if !run.canOpen { remove(closer) }
                closer = run.next
            }
        }
        while lastDelimiter > bottom { remove(lastDelimiter) }
    }

    /// Runs with the same key find the same openers.
    private static func key(_ run: DelimiterRun) -> Int {
        switch run.character {
        case .star: (run.canOpen ? 0 : 3) + run.length % 3
        case .underscore: 6 + (run.canOpen ? 0 : 3) + run.length % 3
        default: 12 + run.length
        }
    }

    private mutating func opener(of closer: Int, above bottom: Int) -> Int? {
        let run = delimiters[closer]
        var index = run.previous
        while index > bottom {
            steps += 1
            let other = delimiters[index]
            if other.character == run.character, other.canOpen, Self.fits(other, run) { return index }
            index = other.previous
        }
        return nil
    }

    private static func fits(_ opener: DelimiterRun, _ closer: DelimiterRun) -> Bool {
        if closer.character == .tilde { return opener.left == closer.left }
        guard opener.canClose || closer.canOpen, closer.length % 3 != 0 else { return true }
        return (opener.length + closer.length) % 3 != 0
    }

    /// Makes one pair of them; returns the next closer.
    private mutating func pair(_ opener: Int, _ closer: Int) -> Int {
        let isTilde = delimiters[closer].character == .tilde
        let count = isTilde ? delimiters[closer].left : min(2, delimiters[opener].left, delimiters[closer].left)
        let mark: InlineMark = isTilde ? .strike : count == 2 ? .strong : .emphasis
        delimiters[opener].left -= count
        delimiters[closer].left -= count
        delimiters[opener].opens.append(mark)
        delimiters[closer].closes.append(mark)
        while delimiters[closer].previous > opener {
            steps += 1
            remove(delimiters[closer].previous)
        }
        if delimiters[opener].left == 0 { remove(opener) }
        guard delimiters[closer].left == 0 else { return closer }
        let next = delimiters[closer].next
        remove(closer)
        return next
    }
}

/// What stands beside a run of delimiters.
enum CharacterKind {
    case space
    case punctuation
    case word

    /// The character that begins at a place; the end counts as white space.
    init(at index: Int, in bytes: Bytes) {
        guard index < bytes.count else {
            self = .space
            return
        }
        let byte = bytes[index]
        if byte < 0x80 {
            self = byte.isWhitespace ? .space : byte.isPunctuation ? .punctuation : .word
            return
        }
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        var value = UInt32(byte) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for next in bytes[index..<min(bytes.count, index + length)].dropFirst() {
            value = value << 6 | UInt32(next & 0x3F)
        }
        self.init(Unicode.Scalar(value) ?? "\u{FFFD}")
    }

    /// The character that ends before a place.
    init(before index: Int, in bytes: Bytes) {
        var start = index - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        if start < 0 { self = .space } else { self.init(at: start, in: bytes) }
    }

    private init(_ scalar: Unicode.Scalar) {
        switch scalar.properties.generalCategory {
        case .spaceSeparator: self = .space
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            self = .punctuation
        default: self = .word
        }
    }
}
