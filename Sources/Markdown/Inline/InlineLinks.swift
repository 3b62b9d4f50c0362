/// The link definitions of a text. The first of a label counts.
struct LinkDefinitions: Sendable, Hashable {
    private var entries: [String: LinkDefinition] = [:]
    private let most: Int

    /// At most so many are kept.
    init(most: Int = .max) { self.most = most }

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(_ definition: LinkDefinition) {
        guard entries.count < most, entries[definition.label] == nil else { return }
        entries[definition.label] = definition
    }

    /// The target of a label for a leaf that begins at `offset`: definitions behind it are not known there.
    func target(_ label: String, at offset: Int) -> LinkTarget? {
        guard let entry = entries[label], entry.offset < offset else { return nil }
        return entry.target
    }
}

// Links and images.
extension InlineParser {
    mutating func openBracket(isImage: Bool) -> Bool {
        let end = position + (isImage ? 2 : 1)
        if !brackets.isEmpty { brackets[brackets.count - 1].hasBracketAfter = true }
        add(.text, to: end)
        brackets.append(
            OpenBracket(node: nodes.count - 1, isImage: isImage, textStart: end, delimiter: lastDelimiter))
        return true
    }

    mutating func closeBracket() -> Bool {
        guard let opener = brackets.popLast() else { return false }
        guard opener.isActive, let (target, end) = target(of: opener) else { return false }
        flush(to: position)
        targets.append(target)
        let index = targets.count - 1
        nodes[opener.node].kind = opener.isImage ? .openImage(index) : .openLink(index)
        add(opener.isImage ? .closeImage(index) : .closeLink(index), to: end)
        pairDelimiters(above: opener.delimiter)
        if !opener.isImage { deactivate() }
        return true
    }

    /// A link holds no links.
    private mutating func deactivate() {
        for index in brackets.indices.reversed() where !brackets[index].isImage {
            steps += 1
            guard brackets[index].isActive else { return }
            brackets[index].isActive = false
        }
    }

    /// The target behind the `]` at hand, and where the link ends.
    private mutating func target(of opener: OpenBracket) -> (LinkTarget, end: Int)? {
        let next = position + 1
        if next < bytes.count, bytes[next] == .openParenthesis, let inline = inlineTarget(from: next) { return inline }
        guard !definitions.isEmpty else { return nil }
        var label = opener.textStart..<position
        var end = next
        if next < bytes.count, bytes[next] == .openBracket, let labelEnd = LinkParts.label(bytes, from: next) {
            steps += labelEnd - next
            end = labelEnd
            if labelEnd > next + 2 { label = next + 1..<labelEnd - 1 }
        }
        if label.lowerBound == opener.textStart, opener.hasBracketAfter { return nil }
        steps += min(label.count, 1_000)
        let target = definitions.target(LinkParts.normalized(bytes, label), at: offset)
        return target.map { ($0, end) }
    }

    private mutating func inlineTarget(from open: Int) -> (LinkTarget, end: Int)? {
        var index = LinkParts.whitespace(bytes, from: open + 1)
        var target = LinkTarget(address: "")
        if index < bytes.count, bytes[index] != .closeParenthesis {
            guard let address = LinkParts.address(bytes, from: index) else { return nil }
            steps += address.end - open
            target.address = LinkParts.resolved(bytes, address.range)
            index = LinkParts.whitespace(bytes, from: address.end)
            if index > address.end, index < bytes.count, let title = LinkParts.title(bytes, from: index) {
                steps += title.end - index
                target.title = LinkParts.resolved(bytes, title.range)
                index = LinkParts.whitespace(bytes, from: title.end)
            }
        }
        guard index < bytes.count, bytes[index] == .closeParenthesis else { return nil }
        return (target, index + 1)
    }
}
