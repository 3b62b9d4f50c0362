/// Where things stand in a text.
enum TextMarks {
    /// The place of the first byte that is not UTF-8.
    static func firstInvalid(_ bytes: [UInt8]) -> SuiteMark {
        var line = 1
        for piece in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if String(validating: piece, as: UTF8.self) == nil {
                let good = String(decoding: piece, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
                return SuiteMark(line: line, column: good.count + 1)
            }
            line += 1
        }
        return SuiteMark(line: 1, column: 1)
    }

    /// The place of the so manieth character.
    static func mark(ofCharacter offset: Int, in text: String) -> SuiteMark {
        var mark = SuiteMark(line: 1, column: 1)
        for character in text.prefix(offset) {
            mark =
                character.isNewline
                ? SuiteMark(line: mark.line + 1, column: 1)
                : SuiteMark(line: mark.line, column: mark.column + character.unicodeScalars.count)
        }
        return mark
    }

    /// Where a key of a block mapping stands again, at the same column on a later line; else, for mappings in braces,
    /// where it comes again behind the first; nil when it is not found.
    static func second(_ key: String, after first: SuiteMark, _ lines: [Substring]) -> SuiteMark? {
        guard first.line >= 1, first.line <= lines.count else { return nil }
        for line in first.line..<lines.count {
            let scalars = lines[line].unicodeScalars
            let indent = scalars.prefix { $0 == " " }.count
            guard indent == first.column - 1 else { continue }
            let rest = String(scalars.dropFirst(indent))
            let isKey = [key, "\"\(key)\"", "'\(key)'"].contains { spelt in
                rest.hasPrefix(spelt) && rest.dropFirst(spelt.count).drop { $0 == " " }.first == ":"
            }
            if isKey { return SuiteMark(line: line + 1, column: first.column) }
        }
        let line = String(lines[first.line - 1])
        guard
            let start = line.unicodeScalars.index(
                line.unicodeScalars.startIndex, offsetBy: first.column, limitedBy: line.unicodeScalars.endIndex),
            let found = line[start...].firstRange(of: key + ":")
        else { return nil }
        return SuiteMark(line: first.line, column: line.unicodeScalars[..<found.lowerBound].count + 1)
    }
}

/// Whether a text may have more aliases than can be followed. A bound from above: comments and texts count as if they
/// were YAML.
enum AliasBound {
    /// What a text may come to, in bytes, when each alias is replaced.
    private static let most = 1 << 31

    /// The first place of an anchor in a text whose aliases may grow without bounds; nil when they cannot.
    static func tooMany(_ bytes: [UInt8]) -> SuiteMark? {
        let anchors = names(bytes, UInt8(ascii: "&"))
        guard anchors.count > 1 else { return nil }
        let aliases = names(bytes, UInt8(ascii: "*"))
        var size = max(1, bytes.count)
        for (name, places) in aliases where anchors[name] != nil {
            let (product, overflow) = size.multipliedReportingOverflow(by: places.count + 1)
            if overflow || product > most { return mark(anchors.values.compactMap(\.first).min() ?? 0, bytes) }
            size = product
        }
        return nil
    }

    private static func names(_ bytes: [UInt8], _ sign: UInt8) -> [ArraySlice<UInt8>: [Int]] {
        var names: [ArraySlice<UInt8>: [Int]] = [:]
        for place in bytes.indices where bytes[place] == sign {
            let before = place == 0 ? UInt8(ascii: " ") : bytes[place - 1]
            guard " \t\r\n[{,:-?".utf8.contains(before) else { continue }
            let name = bytes[(place + 1)...].prefix { byte in
                (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
            if !name.isEmpty { names[name, default: []].append(place) }
        }
        return names
    }

    private static func mark(_ offset: Int, _ bytes: [UInt8]) -> SuiteMark {
        let before = bytes[..<offset]
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = before[start...].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return SuiteMark(line: before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }, column: column)
    }
}
