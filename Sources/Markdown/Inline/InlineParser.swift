/// Reads the inlines of one leaf: CommonMark 0.31 with the strikethrough and the autolinks of GitHub.
///
/// The algorithm is the one of the specification's appendix: one pass that collects runs of delimiters and brackets,
/// and a stack that pairs them. Steps are linear in the text: what was looked for in vain is not looked for again.
struct InlineParser {
    let bytes: Bytes
    let definitions: LinkDefinitions
    /// Definitions behind this place of the source are not known yet.
    let offset: Int
    var nodes: [InlineNode] = []
    var delimiters: [DelimiterRun] = []
    var brackets: [OpenBracket] = []
    var targets: [LinkTarget] = []
    var position = 0
    var textStart = 0
    /// The last run that is in play; -1 = none.
    var lastDelimiter = -1
    /// What was done, to see that it is linear.
    var steps = 0
    private var backticks: [Int: Int] = [:]
    private var hasSeenAllBackticks = false
    var missing = HTMLEnds()
    /// Runs of backticks that nothing closes.
    private var openBackticks: [Int] = []

    init(_ bytes: Bytes, definitions: LinkDefinitions, offset: Int) {
        self.bytes = bytes
        self.definitions = definitions
        self.offset = offset
    }

    /// Reads all.
    mutating func read() {
        while position < bytes.count {
            steps += 1
            let byte = bytes[position]
            guard Self.isSpecial[Int(byte)] else {
                position += 1
                continue
            }
            if !special(byte) { position += 1 }
        }
        flush(to: bytes.count)
        pairDelimiters(above: -1)
    }

    /// The first place at or behind one where something begins that more text could close; nil = there is none.
    func firstOpen(from place: Int) -> Int? {
        var places = openBackticks
        places += brackets.map { nodes[$0.node].range.lowerBound }
        for node in nodes {
            if case .delimiter(let index) = node.kind, delimiters[index].left > 0, delimiters[index].canOpen {
                places.append(node.range.lowerBound)
            }
        }
        return places.filter { $0 >= place }.min()
    }

    private static let isSpecial: [Bool] = {
        var table = Array(repeating: false, count: 256)
        for byte in "\n\\`*_~[]!&<:wW@".utf8 { table[Int(byte)] = true }
        return table
    }()

    /// Ends the running text before a place.
    mutating func flush(to end: Int) {
        if textStart < end { nodes.append(InlineNode(kind: .text, range: textStart..<end)) }
        textStart = end
    }

    /// Adds a node that ends at `end`, and goes on there.
    mutating func add(_ kind: InlineNode.Kind, to end: Int) {
        flush(to: position)
        nodes.append(InlineNode(kind: kind, range: position..<end))
        position = end
        textStart = end
    }

    /// Whether something special was read; else the byte is text.
    private mutating func special(_ byte: UInt8) -> Bool {
        switch byte {
        case .newline: return lineBreak()
        case .backslash: return escape()
        case .backtick: return codeSpan()
        case .star, .underscore, .tilde: return delimiter(byte)
        case .openBracket: return openBracket(isImage: false)
        case .bang:
            guard position + 1 < bytes.count, bytes[position + 1] == .openBracket else { return false }
            return openBracket(isImage: true)
        case .closeBracket: return closeBracket()
        case .ampersand:
            guard let entity = EntityNames.read(bytes, at: position, to: bytes.count) else { return false }
            add(.decoded(entity.text), to: entity.end)
            return true
        case .less: return angle()
        case .colon: return addressWithScheme()
        case .at: return mailAddress()
        default: return addressWithoutScheme()
        }
    }

    private mutating func lineBreak() -> Bool {
        let end = position
        var start = end
        while start > textStart, bytes[start - 1] == .space { start -= 1 }
        let isHard = end - start >= 2
        flush(to: start)
        position = start
        let next = bytes.skippingBlanks(from: end + 1, to: bytes.count)
        steps += next - start
        add(isHard ? .hardBreak : .softBreak, to: next)
        return true
    }

    private mutating func escape() -> Bool {
        let next = position + 1
        guard next < bytes.count else { return false }
        if bytes[next] == .newline {
            add(.hardBreak, to: bytes.skippingBlanks(from: next + 1, to: bytes.count))
            return true
        }
        guard bytes[next].isPunctuation else { return false }
        flush(to: position)
        textStart = next
        position = next + 1
        return true
    }

    private mutating func codeSpan() -> Bool {
        let count = bytes.run(of: .backtick, from: position, to: bytes.count)
        let start = position + count
        guard let close = closingBackticks(count, from: start) else {
            openBackticks.append(position)
            position = start
            return true
        }
        var (first, last) = (start, close)
        let isBlank = bytes[first..<last].allSatisfy { $0 == .space || $0 == .newline }
        let pads = [UInt8.space, .newline]
        if !isBlank, last - first >= 2, pads.contains(bytes[first]), pads.contains(bytes[last - 1]) {
            first += 1
            last -= 1
        }
        flush(to: position)
        nodes.append(InlineNode(kind: .code, range: first..<last))
        position = close + count
        textStart = position
        return true
    }

    private mutating func closingBackticks(_ count: Int, from start: Int) -> Int? {
        if hasSeenAllBackticks, (backticks[count] ?? -1) < start { return nil }
        var index = start
        while index < bytes.count {
            steps += 1
            guard bytes[index] == .backtick else {
                index += 1
                continue
            }
            let run = bytes.run(of: .backtick, from: index, to: bytes.count)
            backticks[run] = index
            if run == count { return index }
            index += run
        }
        hasSeenAllBackticks = true
        return nil
    }

    private mutating func angle() -> Bool {
        if let autolink = angleAutolink() {
            flush(to: position)
            targets.append(autolink.target)
            nodes.append(InlineNode(kind: .autolink(targets.count - 1), range: position + 1..<autolink.end - 1))
            position = autolink.end
            textStart = position
            return true
        }
        guard let end = missing.end(bytes, from: position, &steps) else { return false }
        add(.html, to: end)
        return true
    }
}
