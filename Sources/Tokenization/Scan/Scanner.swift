/// Cuts text into pieces, from left to right; each becomes tokens by itself.
///
/// The rules are those of the regular expressions that OpenAI publishes for the two encodings, told as runs of characters, so
/// that nothing is looked at more than twice. Text is valid UTF-8.
struct Scanner: Sendable {
    let runs = Runs()
    let isO200k: Bool

    init(_ encoding: TokenEncoding) { isO200k = encoding == .o200kBase }

    /// The end of the piece that starts here. `open` becomes true when the end of the text was looked at, so that more text
    /// could move this end; it is not set to false. `start` lies before `end`.
    @inline(__always)
    func piece(_ start: BytePointer, _ end: BytePointer, open: inout Bool) -> BytePointer {
        isO200k ? o200k(start, end, &open) : cl100k(start, end, &open)
    }

    @inline(__always)
    func cl100k(_ start: BytePointer, _ end: BytePointer, _ open: inout Bool) -> BytePointer {
        let (first, length) = runs.classes.character(at: start)
        let p = start + length
        if first & CharacterClass.letter != 0 { return closed(runs.letters(p, end), end, &open) }
        if first & CharacterClass.number != 0 { return numbers(p, end, &open) }
        if first & CharacterClass.newline != 0 { return spaces(start, end, &open) }
        if start[0] == 0x27, let end = contraction(start, end, &open) { return end }
        if p == end {
            open = true
            return end
        }
        let (second, more) = runs.classes.character(at: p)
        if second & CharacterClass.letter != 0 { return closed(runs.letters(p + more, end), end, &open) }
        return spaceOrOther(start, first, p, second, p + more, end, &open)
    }

    @inline(__always)
    func o200k(_ start: BytePointer, _ end: BytePointer, _ open: inout Bool) -> BytePointer {
        let word = CharacterClass.upper | CharacterClass.lower
        let (first, length) = runs.classes.character(at: start)
        let p = start + length
        // A mark begins a word itself: with or without it as a prefix the word ends at the same place.
        if first & word != 0 { return self.word(start, end, &open) }
        if first & CharacterClass.number != 0 { return numbers(p, end, &open) }
        if first & CharacterClass.newline != 0 { return spaces(start, end, &open) }
        if p == end {
            open = true
            return end
        }
        let (second, more) = runs.classes.character(at: p)
        if second & word != 0 { return self.word(p, end, &open) }
        return spaceOrOther(start, first, p, second, p + more, end, &open)
    }

    /// A space or punctuation that is no prefix of a word. `first` and `second` are the classes of the first two characters,
    /// which end at `p` and `q`.
    @inline(__always)
    private func spaceOrOther(
        _ start: BytePointer, _ first: UInt8, _ p: BytePointer, _ second: UInt8, _ q: BytePointer, _ end: BytePointer,
        _ open: inout Bool
    ) -> BytePointer {
        if first & CharacterClass.space == 0 { return others(p, end, &open) }
        if start[0] == 0x20, second & CharacterClass.notOther == 0 { return others(q, end, &open) }
        return spaces(start, end, &open)
    }

    /// `p`, at which a run ended.
    @inline(__always)
    private func closed(_ p: BytePointer, _ end: BytePointer, _ open: inout Bool) -> BytePointer {
        if p == end { open = true }
        return p
    }

    /// A word of o200k from its first letter or mark on: capitals, then small letters, then a contraction.
    @inline(__always)
    private func word(_ start: BytePointer, _ end: BytePointer, _ open: inout Bool) -> BytePointer {
        var mark: BytePointer?
        let p = runs.uppers(start, end, mark: &mark)
        if p == end {
            open = true
            return mark.map { contraction($0, end, &open) ?? $0 } ?? p
        }
        if runs.classes.character(at: p).flags & CharacterClass.lower != 0 {
            let last = closed(runs.lowers(p, end), end, &open)
            return contraction(last, end, &open) ?? last
        }
        let last = mark ?? p
        return contraction(last, end, &open) ?? last
    }

    /// Up to three numbers, of which the first ends here.
    @inline(__always)
    private func numbers(_ start: BytePointer, _ end: BytePointer, _ open: inout Bool) -> BytePointer {
        var p = start
        for _ in 0..<2 {
            if p == end {
                open = true
                return p
            }
            let (flags, length) = runs.classes.character(at: p)
            if flags & CharacterClass.number == 0 { return p }
            p += length
        }
        return p
    }

    /// Punctuation, of which the first character ends here, with the newlines after it.
    @inline(__always)
    private func others(_ start: BytePointer, _ end: BytePointer, _ open: inout Bool) -> BytePointer {
        closed(runs.newlines(runs.others(start, end), end, slashes: isO200k), end, &open)
    }

    /// A piece of spaces only.
    @inline(__always)
    private func spaces(_ start: BytePointer, _ end: BytePointer, _ open: inout Bool) -> BytePointer {
        var mark: BytePointer?
        var last = start
        let p = runs.spaces(start, end, mark: &mark, last: &last)
        if p == end {
            open = true
            return isO200k ? mark ?? p : p
        }
        return mark ?? (last > start ? last : p)
    }

    /// The end of the contraction that starts here: an apostrophe with s, t, d, m, ll, ve or re, in any case; U+017F folds
    /// to s. `nil`: there is none.
    @inline(__always)
    func contraction(_ start: BytePointer, _ end: BytePointer, _ open: inout Bool) -> BytePointer? {
        if start == end {
            open = true
            return nil
        }
        return start[0] == 0x27 ? contractionAfterApostrophe(start + 1, end, &open) : nil
    }

    private func contractionAfterApostrophe(
        _ p: BytePointer, _ end: BytePointer, _ open: inout Bool
    ) -> BytePointer? {
        if p == end {
            open = true
            return nil
        }
        let second: UInt8
        switch p[0] {
        case 0x53, 0x73, 0x54, 0x74, 0x44, 0x64, 0x4D, 0x6D: return p + 1
        case 0xC5: return p[1] == 0xBF ? p + 2 : nil
        case 0x4C, 0x6C: second = 0x6C
        case 0x56, 0x76, 0x52, 0x72: second = 0x65
        default: return nil
        }
        if p + 1 == end {
            open = true
            return nil
        }
        return p[1] | 0x20 == second ? p + 2 : nil
    }
}
