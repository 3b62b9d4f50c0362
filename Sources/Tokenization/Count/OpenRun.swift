/// A long piece at the end of the text so far, whose end more text may move: where its scanner stands, and its tokens.
///
/// With it a delta costs what it is long, even when a piece never ends. A piece may have a mark, behind which it would be cut if
/// the text ended here: the last newline of a run of spaces, or (o200k) the last letter or mark of a run of capitals that may
/// stand among small letters.
struct OpenRun {
    private enum Kind {
        case letters
        case uppers
        case lowers
        case others
        case newlines
        case spaces
    }

    /// What came of more text.
    enum Outcome {
        /// The piece is still open.
        case open
        /// It has ended: so many tokens, and bytes that belong to what follows it.
        case closed(tokens: Int, left: [UInt8])
    }

    private var kind: Kind
    private var whole = GrowingPiece()
    /// What follows the mark, once there is one.
    private var rest = GrowingPiece()
    private var isMarked = false
    private var markCount = 0
    /// Tokens of pieces before this one that ended when this one was recognised.
    private var before = 0

    /// The piece that starts here and reaches the end of the text. `nil`: it is of a kind that is never long.
    init?(_ start: BytePointer, _ end: BytePointer, _ counter: PieceCounter) {
        let scanner = counter.vocabulary.scanner
        guard let (kind, p) = Self.kind(start, end, scanner) else { return nil }
        self.kind = kind
        whole.append(start, p, counter.merger)
        var at = p
        guard case .open = advance(&at, end, counter), at == end else { return nil }
    }

    private static func kind(_ start: BytePointer, _ end: BytePointer, _ scanner: Scanner) -> (Kind, BytePointer)? {
        let classes = scanner.runs.classes
        let word = scanner.isO200k ? CharacterClass.upper | CharacterClass.lower : CharacterClass.letter
        let kind: Kind = scanner.isO200k ? .uppers : .letters
        let (first, length) = classes.character(at: start)
        if first & word != 0 { return (kind, start) }
        if first & CharacterClass.number != 0 || start + length == end { return nil }
        let p = start + length
        let second = classes.character(at: p).flags
        if first & CharacterClass.newline == 0, second & word != 0 { return (kind, p) }
        if first & CharacterClass.space == 0 { return (.others, start) }
        return start[0] == 0x20 && second & CharacterClass.notOther == 0 ? (.others, p) : (.spaces, start)
    }

    /// The tokens of the piece if the text ended here; what is cut off behind the mark is counted, too.
    func count(_ scanner: Scanner) -> Int {
        guard isMarked, scanner.isO200k else { return before + whole.count }
        return before + markCount + rest.count
    }

    /// Takes what belongs to the piece from `p` on.
    mutating func advance(_ p: inout BytePointer, _ end: BytePointer, _ counter: PieceCounter) -> Outcome {
        let scanner = counter.vocabulary.scanner
        let runs = scanner.runs
        let merger = counter.merger
        while p < end {
            let start = p
            switch kind {
            case .letters:
                p = runs.letters(p, end)
                whole.append(start, p, merger)
                return p == end ? .open : closed()
            case .lowers:
                p = runs.lowers(p, end)
                whole.append(start, p, merger)
                return p == end ? .open : closedWord(&p, end, counter)
            case .uppers:
                var mark: BytePointer?
                p = runs.uppers(p, end, mark: &mark)
                grow(start, p, mark, merger)
                if p == end { return .open }
                guard runs.classes.character(at: p).flags & CharacterClass.lower != 0 else {
                    return closedCapitals(&p, end, counter)
                }
                kind = .lowers
                isMarked = false
            case .others:
                p = runs.others(p, end)
                whole.append(start, p, merger)
                kind = p == end ? .others : .newlines
            case .newlines:
                p = runs.newlines(p, end, slashes: scanner.isO200k)
                whole.append(start, p, merger)
                return p == end ? .open : closed()
            case .spaces:
                var mark: BytePointer?
                var last = p
                p = runs.spaces(p, end, mark: &mark, last: &last)
                grow(start, p, mark, merger)
                return p == end ? .open : closedSpaces(merger)
            }
        }
        return .open
    }

    private mutating func grow(_ start: BytePointer, _ end: BytePointer, _ mark: BytePointer?, _ merger: Merger) {
        whole.append(start, mark ?? start, merger)
        if mark != nil {
            isMarked = true
            markCount = whole.count
            rest = GrowingPiece()
        }
        whole.append(mark ?? start, end, merger)
        if isMarked { rest.append(mark ?? start, end, merger) }
    }

    private func closed() -> Outcome { .closed(tokens: before + whole.count, left: []) }

    /// A word of o200k ends at `p`, with a contraction if one follows; while that is open, so is the piece.
    private mutating func closedWord(_ p: inout BytePointer, _ end: BytePointer, _ counter: PieceCounter) -> Outcome {
        var open = false
        if let after = counter.vocabulary.scanner.contraction(p, end, &open) {
            whole.append(p, after, counter.merger)
            p = after
            return closed()
        }
        return open ? .open : closed()
    }

    private mutating func closedCapitals(
        _ p: inout BytePointer, _ end: BytePointer, _ counter: PieceCounter
    ) -> Outcome {
        guard isMarked, !rest.isEmpty else { return closedWord(&p, end, counter) }
        // The piece is cut at the mark; the capitals behind it are the next one, and as long as they may be.
        before += markCount
        whole = rest
        isMarked = false
        return closedWord(&p, end, counter)
    }

    private mutating func closedSpaces(_ merger: Merger) -> Outcome {
        if isMarked {
            before += markCount
            whole = rest
        }
        let last = whole.removeLastCharacter(merger)
        return .closed(tokens: before + whole.count, left: last)
    }
}
