/// The seven conditions of CommonMark under which a line begins a block of raw HTML.
enum HTMLBlockStart {
    /// The number of the condition that the text meets; nil = none.
    static func condition(_ bytes: Bytes, _ line: Range<Int>, interrupts: Bool) -> Int? {
        let start = line.lowerBound + 1
        let end = line.upperBound
        guard start < end else { return nil }
        if bytes[start] == .bang {
            if bytes.matches("!--", at: start, to: end) { return 2 }
            if bytes.matches("![cdata[", at: start, to: end) { return 5 }
            return start + 1 < end && bytes[start + 1].isLetter ? 4 : nil
        }
        if bytes[start] == .question { return 3 }
        let nameStart = bytes[start] == .slash ? start + 1 : start
        var nameEnd = nameStart
        while nameEnd < end, nameEnd - nameStart < 12, bytes[nameEnd].isAlphanumeric { nameEnd += 1 }
        let name = bytes.string(nameStart..<nameEnd).lowercased()
        let next = nameEnd < end ? bytes[nameEnd] : .newline
        if nameStart == start, verbatim.contains(name), next.isWhitespace || next == .greater { return 1 }
        if names.contains(name) {
            let closesAtOnce = next == .slash && nameEnd + 1 < end && bytes[nameEnd + 1] == .greater
            if next.isWhitespace || next == .greater || closesAtOnce { return 6 }
        }
        guard !interrupts, let tagEnd = HTMLTag.end(bytes, from: line.lowerBound, to: end) else { return nil }
        return bytes.skippingBlanks(from: tagEnd, to: end) == end ? 7 : nil
    }

    /// Whether a block of the condition ends with this line. Conditions 6 and 7 end before a blank one.
    static func ends(_ condition: Int, _ bytes: Bytes, _ line: Range<Int>) -> Bool {
        guard condition < 6 else { return false }
        for index in line {
            switch condition {
            case 1:
                if bytes.matches("</script>", at: index, to: line.upperBound)
                    || bytes.matches("</pre>", at: index, to: line.upperBound)
                    || bytes.matches("</style>", at: index, to: line.upperBound)
                    || bytes.matches("</textarea>", at: index, to: line.upperBound)
                {
                    return true
                }
            case 2: if bytes.matches("-->", at: index, to: line.upperBound) { return true }
            case 3: if bytes.matches("?>", at: index, to: line.upperBound) { return true }
            case 4: if bytes[index] == .greater { return true }
            default: if bytes.matches("]]>", at: index, to: line.upperBound) { return true }
            }
        }
        return false
    }

    private static let verbatim: Set<String> = ["script", "pre", "style", "textarea"]
    private static let names = Set(
        """
        address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl \
        dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li \
        link main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th \
        thead title tr track ul
        """.split(separator: " ").map(String.init))
}
