/// Raw HTML in a text. It is never obeyed; it has to be known so that what is inside is not read as Markdown.
enum HTMLTag {
    /// One past the open or closing tag that begins at a `<`; nil = there is none.
    static func end(_ bytes: Bytes, from start: Int, to limit: Int) -> Int? {
        var index = start + 1
        guard index < limit else { return nil }
        if bytes[index] == .slash {
            guard let end = name(bytes, from: index + 1, to: limit) else { return nil }
            index = blanks(bytes, from: end, to: limit)
            return index < limit && bytes[index] == .greater ? index + 1 : nil
        }
        guard let end = name(bytes, from: index, to: limit) else { return nil }
        index = end
        while true {
            let next = blanks(bytes, from: index, to: limit)
            guard next < limit else { return nil }
            if bytes[next] == .greater { return next + 1 }
            if bytes[next] == .slash { return next + 1 < limit && bytes[next + 1] == .greater ? next + 2 : nil }
            guard next > index, let end = attribute(bytes, from: next, to: limit) else { return nil }
            index = end
        }
    }

    private static func name(_ bytes: Bytes, from start: Int, to limit: Int) -> Int? {
        guard start < limit, bytes[start].isLetter else { return nil }
        var index = start
        while index < limit, bytes[index].isAlphanumeric || bytes[index] == .minus { index += 1 }
        return index
    }

    private static func blanks(_ bytes: Bytes, from start: Int, to limit: Int) -> Int {
        var index = start
        while index < limit, bytes[index].isWhitespace { index += 1 }
        return index
    }

    private static func attribute(_ bytes: Bytes, from start: Int, to limit: Int) -> Int? {
        func isName(_ byte: UInt8) -> Bool {
            byte.isAlphanumeric || byte == .underscore || byte == .colon || byte == .dot || byte == .minus
        }
        guard bytes[start].isLetter || bytes[start] == .underscore || bytes[start] == .colon else { return nil }
        var index = start
        while index < limit, isName(bytes[index]) { index += 1 }
        let equals = blanks(bytes, from: index, to: limit)
        guard equals < limit, bytes[equals] == .equals else { return index }
        let value = blanks(bytes, from: equals + 1, to: limit)
        guard value < limit else { return nil }
        if bytes[value] == .quote || bytes[value] == .apostrophe {
            index = value + 1
            while index < limit, bytes[index] != bytes[value] { index += 1 }
            return index < limit ? index + 1 : nil
        }
        index = value
        while index < limit, !bytes[index].isWhitespace, !"\"'=<>`".utf8.contains(bytes[index]) { index += 1 }
        return index > value ? index : nil
    }
}
