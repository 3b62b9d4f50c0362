// Addresses that stand for themselves: in angle brackets (CommonMark), and bare ones (GitHub).
extension InlineParser {
    /// `<scheme:address>` or `<mail@address>` at the `<` at hand.
    func angleAutolink() -> (target: LinkTarget, end: Int)? {
        let start = position + 1
        var index = start
        while index < bytes.count, bytes[index] > .space, bytes[index] != .less, bytes[index] != .greater { index += 1 }
        guard index < bytes.count, bytes[index] == .greater, index > start else { return nil }
        let text = bytes.string(start..<index)
        if hasScheme(start..<index) { return (LinkTarget(address: text), index + 1) }
        return isMail(start..<index) ? (LinkTarget(address: "mailto:" + text), index + 1) : nil
    }

    private func hasScheme(_ range: Range<Int>) -> Bool {
        guard bytes[range.lowerBound].isLetter else { return false }
        var index = range.lowerBound
        while index < range.upperBound, isSchemeByte(bytes[index]) { index += 1 }
        let count = index - range.lowerBound
        return index < range.upperBound && bytes[index] == .colon && count >= 2 && count <= 32
    }

    private func isSchemeByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == .plus || byte == .dot || byte == .minus
    }

    private func isMail(_ range: Range<Int>) -> Bool {
        guard let at = bytes[range].firstIndex(of: .at), at > range.lowerBound, at + 1 < range.upperBound else {
            return false
        }
        let isLocal = bytes[range.lowerBound..<at].allSatisfy {
            $0.isAlphanumeric || ".!#$%&'*+/=?^_`{|}~-".utf8.contains($0)
        }
        let labels = bytes[at + 1..<range.upperBound].split(separator: .dot, omittingEmptySubsequences: false)
        return isLocal
            && labels.allSatisfy { label in
                guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
                return first.isAlphanumeric && last.isAlphanumeric
                    && label.allSatisfy { $0.isAlphanumeric || $0 == .minus }
            }
    }

    /// `http://` and `https://`, seen at the colon.
    mutating func addressWithScheme() -> Bool {
        guard bytes.matches("://", at: position, to: bytes.count) else { return false }
        for name in ["https", "http"] as [StaticString] {
            let start = position - name.utf8CodeUnitCount
            guard start >= textStart, bytes.matches(name, at: start, to: position), isBoundary(start) else { continue }
            return bareLink(from: start, host: position + 3, prefix: "", needsDot: false)
        }
        return false
    }

    /// `www.`, seen at its first letter.
    mutating func addressWithoutScheme() -> Bool {
        guard bytes.matches("www.", at: position, to: bytes.count), isBoundary(position) else { return false }
        return bareLink(from: position, host: position, prefix: "http://", needsDot: true)
    }

    private func isBoundary(_ start: Int) -> Bool {
        guard start > 0 else { return true }
        let before = bytes[start - 1]
        return before.isWhitespace || before == .star || before == .underscore || before == .tilde
            || before == .openParenthesis
    }

    private mutating func bareLink(from start: Int, host: Int, prefix: String, needsDot: Bool) -> Bool {
        var index = host
        var dots: [Int] = []
        var lastUnderscore = -1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == .dot { dots.append(index) } else if byte == .underscore { lastUnderscore = index }
            guard byte >= 0x80 || byte.isAlphanumeric || byte == .dot || byte == .minus || byte == .underscore else {
                break
            }
            index += 1
        }
        // No underscore in the last two parts of the host.
        let lastParts = dots.count >= 2 ? dots[dots.count - 2] : host
        guard index > host, lastUnderscore < lastParts, !needsDot || dots.count >= 2 else { return false }
        let isInBrackets = !brackets.isEmpty
        while index < bytes.count, !bytes[index].isWhitespace, bytes[index] != .less {
            if isInBrackets, bytes[index] == .closeBracket { break }
            index += 1
        }
        steps += index - host
        let end = trimmedEnd(from: start, to: index)
        guard end > host else { return false }
        flush(to: start)
        targets.append(LinkTarget(address: prefix + bytes.string(start..<end)))
        nodes.append(InlineNode(kind: .autolink(targets.count - 1), range: start..<end))
        position = end
        textStart = end
        return true
    }

    /// Leaves punctuation at the end out, closing parentheses only when they are too many.
    private func trimmedEnd(from start: Int, to limit: Int) -> Int {
        var end = limit
        var depth = 0
        for byte in bytes[start..<limit] {
            if byte == .openParenthesis { depth += 1 } else if byte == .closeParenthesis { depth -= 1 }
        }
        while end > start {
            let byte = bytes[end - 1]
            if byte == .closeParenthesis {
                guard depth < 0 else { return end }
                depth += 1
                end -= 1
            } else if byte == .semicolon {
                var index = end - 1
                while index > start, bytes[index - 1].isLetter { index -= 1 }
                end = index > start && index < end - 1 && bytes[index - 1] == .ampersand ? index - 1 : end - 1
            } else if "?!.,:*_~'\"]`".utf8.contains(byte) {
                end -= 1
            } else {
                return end
            }
        }
        return end
    }

    /// `name@host.tld`, seen at the `@`.
    mutating func mailAddress() -> Bool {
        var start = position
        while start > textStart, bytes[start - 1].isAlphanumeric || ".+-".utf8.contains(bytes[start - 1]) { start -= 1 }
        guard start < position,
            start == textStart ? start == 0 || isBoundary(start) && bytes[start - 1] != .underscore : true
        else { return false }
        var end = position + 1
        var hasDot = false
        while end < bytes.count, bytes[end].isAlphanumeric || ".-_".utf8.contains(bytes[end]) {
            if bytes[end] == .dot { hasDot = true }
            end += 1
        }
        while end > position + 1, bytes[end - 1] == .dot { end -= 1 }
        steps += end - start
        guard hasDot, bytes[position + 1..<end].contains(.dot), end > position + 1, bytes[end - 1].isAlphanumeric else {
            return false
        }
        flush(to: start)
        targets.append(LinkTarget(address: "mailto:" + bytes.string(start..<end)))
        nodes.append(InlineNode(kind: .autolink(targets.count - 1), range: start..<end))
        position = end
        textStart = end
        return true
    }
}
