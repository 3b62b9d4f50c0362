/// What only the beginning of a line tells: keys of data files, headings, rules of a makefile.
extension CodeReader {
    mutating func readLineStart() {
        if case .css = language.keys { opensBrace = bytes[index..<end].contains(UInt8(ascii: "{")) }
        if case .yaml = language.keys { opensBrace = bytes[index..<end].contains { $0 == 0x5B || $0 == 0x7B } }
        guard let first = firstInk(index) else { return }
        switch language.keys {
        case .yaml: readYAMLKey(first)
        case .toml: readTOMLKey(first)
        case .make: readRule(first)
        case .none, .json, .css: break
        }
    }

    private mutating func readYAMLKey(_ first: Int) {
        var place = first
        while byte(at: place) == UInt8(ascii: "-"), byte(at: place + 1).map({ $0 == 0x20 }) ?? true {
            list.add(to: place, .plain)
            emit(to: place + 1, .operator)
            guard let next = firstInk(index) else { return noteBlock(indent: first - 1) }
            place = next
        }
        list.add(to: place, .plain)
        index = place
        if starts("---", at: place) || starts("...", at: place) { return emit(to: place + 3, .operator) }
        guard let colon = yamlColon(place) else { return noteBlock(indent: first) }
        emit(to: colon, .attribute)
        emit(to: colon + 1, .operator)
        noteBlock(indent: place)
    }

    /// The colon behind a key that begins here.
    private func yamlColon(_ start: Int) -> Int? {
        guard let first = byte(at: start), !Self.notKeys.contains(first) else { return nil }
        var place = start
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            place += 1
            while place < end, bytes[place] != first { place += 1 }
        }
        while place < end {
            if bytes[place] == UInt8(ascii: ":"), byte(at: place + 1).map({ $0 == 0x20 || $0 == 0x09 }) ?? true {
                return place
            }
            if bytes[place] == UInt8(ascii: "#"), bytes[max(0, place - 1)] == 0x20 { return nil }
            place += 1
        }
        return nil
    }

    /// Whether the line ends with `|` or `>`: what is indented deeper then is text.
    private mutating func noteBlock(indent: Int) {
        guard let value = firstInk(index), bytes[value] == UInt8(ascii: "|") || bytes[value] == UInt8(ascii: ">") else {
            return
        }
        var place = value + 1
        while place < end, Self.chomps.contains(bytes[place]) { place += 1 }
        guard let next = firstInk(place) else {
            emit(to: end, .operator)
            return state.mode = .indented(max(0, indent))
        }
        guard bytes[next] == UInt8(ascii: "#") else { return }
        emit(to: place, .operator)
        state.mode = .indented(max(0, indent))
    }

    private static let notKeys = ByteSet("#{[&*!|>%@`,]}")
    private static let chomps = ByteSet("+-0123456789")

    private mutating func readTOMLKey(_ first: Int) {
        if bytes[first] == UInt8(ascii: "[") {
            var place = first
            while place < end, bytes[place] != UInt8(ascii: "]") { place += 1 }
            while place < end, bytes[place] == UInt8(ascii: "]") { place += 1 }
            // A list that goes on over lines has values in such brackets; a heading has nothing behind it.
            let next = firstInk(place)
            guard next.map({ Self.comments.contains(bytes[$0]) }) ?? true, isHeading(first..<place) else { return }
            list.add(to: first, .plain)
            return emit(to: place, .type)
        }
        guard !Self.comments.contains(bytes[first]) else { return }
        var place = first
        var quote: UInt8?
        while place < end {
            let byte = bytes[place]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "=") || byte == UInt8(ascii: "#") {
                break
            }
            place += 1
        }
        guard byte(at: place) == UInt8(ascii: "=") else { return }
        list.add(to: first, .plain)
        emit(to: place, .attribute)
    }

    private func isHeading(_ range: Range<Int>) -> Bool {
        !range.contains { bytes[$0] == UInt8(ascii: ",") } && range.count > 2
    }

    private static let comments = ByteSet("#;")

    private mutating func readRule(_ first: Int) {
        guard bytes[index] != 0x09, bytes[first] != UInt8(ascii: "#") else { return }
        let word = PackedWord(bytes, first..<wordEnd(first))
        guard word.flatMap({ language.words[$0] }) == nil else { return }
        var place = first
        var depth = 0
        while place < end {
            let byte = bytes[place]
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth <= 0, byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") { break }
            if byte == UInt8(ascii: "#") { return }
            place += 1
        }
        guard place < end else { return }
        let isValue =
            bytes[place] == UInt8(ascii: "=") || byte(at: place + 1) == UInt8(ascii: "=")
            || starts("::=", at: place)
        if isValue, place > first, Self.operators.contains(bytes[place - 1]) { place -= 1 }
        list.add(to: first, .plain)
        emit(to: place, isValue ? .attribute : .function)
    }
}
