/// A link's or an image's target.
struct LinkTarget: Sendable, Hashable {
    /// The address, backslashes and entities resolved.
    var address: String
    /// The title; empty when there is none.
    var title = ""
}

/// A line such as `[label]: address "title"`.
struct LinkDefinition: Sendable, Hashable {
    /// As `LinkParts.normalized` gives it.
    var label: String
    var target: LinkTarget
    /// Where it begins in the source.
    var offset: Int

    /// Reads a definition at the beginning of a line; nil = it is none. Returns where the next line begins.
    static func read(_ bytes: Bytes, from start: Int, at offset: Int) -> (LinkDefinition, next: Int)? {
        guard bytes[start] == .openBracket,
            let labelEnd = LinkParts.label(bytes, from: start), labelEnd < bytes.count, bytes[labelEnd] == .colon
        else { return nil }
        let label = LinkParts.normalized(bytes, start + 1..<labelEnd - 1)
        guard !label.isEmpty else { return nil }
        let addressStart = LinkParts.whitespace(bytes, from: labelEnd + 1)
        guard addressStart < bytes.count, let address = LinkParts.address(bytes, from: addressStart) else { return nil }
        var target = LinkTarget(address: LinkParts.resolved(bytes, address.range))
        let titleStart = LinkParts.whitespace(bytes, from: address.end)
        if titleStart > address.end, titleStart < bytes.count, let title = LinkParts.title(bytes, from: titleStart),
            let next = lineEnd(bytes, from: title.end)
        {
            target.title = LinkParts.resolved(bytes, title.range)
            return (LinkDefinition(label: label, target: target, offset: offset), next)
        }
        guard let next = lineEnd(bytes, from: address.end) else { return nil }
        return (LinkDefinition(label: label, target: target, offset: offset), next)
    }

    private static func lineEnd(_ bytes: Bytes, from start: Int) -> Int? {
        let index = bytes.skippingBlanks(from: start, to: bytes.count)
        if index == bytes.count { return index }
        return bytes[index] == .newline ? index + 1 : nil
    }
}

/// The parts that links are made of. Ends are one past the part with its delimiters, ranges are without them.
enum LinkParts {
    /// Longest label, as CommonMark has it.
    private static let longestLabel = 999
    /// Parentheses nested in an address.
    private static let deepest = 32

    /// Past white space with at most one newline.
    static func whitespace(_ bytes: Bytes, from start: Int) -> Int {
        var index = bytes.skippingBlanks(from: start, to: bytes.count)
        if index < bytes.count, bytes[index] == .newline {
            index = bytes.skippingBlanks(from: index + 1, to: bytes.count)
        }
        return index
    }

    /// One past the label that begins at a `[`.
    static func label(_ bytes: Bytes, from start: Int) -> Int? {
        let limit = min(bytes.count, start + longestLabel + 2)
        var index = start + 1
        while index < limit {
            switch bytes[index] {
            case .backslash: index += 1
            case .openBracket: return nil
            case .closeBracket: return index + 1
            default: break
            }
            index += 1
        }
        return nil
    }

    /// A label as labels are compared: case folded, white space collapsed.
    static func normalized(_ bytes: Bytes, _ range: Range<Int>) -> String {
        guard range.count <= longestLabel else { return "" }
        let words = UnsafeBufferPointer(rebasing: bytes[range]).split { $0.isWhitespace }
        let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        // Three times, since ẞ, ß and SS are one when case is folded.
        return text.lowercased().uppercased().lowercased()
    }

    static func address(_ bytes: Bytes, from start: Int) -> (range: Range<Int>, end: Int)? {
        guard start < bytes.count else { return nil }
        var index = start
        if bytes[start] == .less {
            index += 1
            while index < bytes.count {
                switch bytes[index] {
                case .greater: return (start + 1..<index, index + 1)
                case .less, .newline: return nil
                case .backslash where index + 1 < bytes.count && bytes[index + 1].isPunctuation: index += 1
                default: break
                }
                index += 1
            }
            return nil
        }
        var depth = 0
        while index < bytes.count, bytes[index] > .space, bytes[index] != 0x7F {
            switch bytes[index] {
            case .backslash where index + 1 < bytes.count && bytes[index + 1].isPunctuation: index += 1
            case .openParenthesis:
                depth += 1
                if depth > deepest { return nil }
            case .closeParenthesis:
                if depth == 0 { return index > start ? (start..<index, index) : nil }
                depth -= 1
            default: break
            }
            index += 1
        }
        return depth == 0 && index > start ? (start..<index, index) : nil
    }

    static func title(_ bytes: Bytes, from start: Int) -> (range: Range<Int>, end: Int)? {
        let open = bytes[start]
        guard open == .quote || open == .apostrophe || open == .openParenthesis else { return nil }
        let close = open == .openParenthesis ? .closeParenthesis : open
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == close { return (start + 1..<index, index + 1) }
            if bytes[index] == .openParenthesis, open == .openParenthesis { return nil }
            if bytes[index] == .backslash { index += 1 }
            index += 1
        }
        return nil
    }

    /// A text with its backslashes and entities resolved.
    static func resolved(_ bytes: Bytes, _ range: Range<Int>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == .backslash, index + 1 < range.upperBound, bytes[index + 1].isPunctuation {
                result.append(bytes[index + 1])
                index += 2
            } else if bytes[index] == .ampersand,
                let entity = EntityNames.read(bytes, at: index, to: range.upperBound)
            {
                result.append(contentsOf: entity.text.utf8)
                index = entity.end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
