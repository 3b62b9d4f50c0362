/// Finds where raw HTML in a text ends, and remembers which ends there are not.
struct HTMLEnds {
    private var hasNoComment = false
    private var hasNoInstruction = false
    private var hasNoDeclaration = false
    private var hasNoSection = false

    /// One past the tag, comment, instruction, declaration or section that begins at a `<`; nil = there is none.
    mutating func end(_ bytes: Bytes, from start: Int, _ steps: inout Int) -> Int? {
        let next = start + 1
        guard next < bytes.count else { return nil }
        if bytes[next] == .question {
            return Self.find("?>", bytes, from: next + 1, missing: &hasNoInstruction, &steps)
        }
        if bytes[next] == .bang {
            if bytes.matches("!-->", at: next, to: bytes.count) { return next + 4 }
            if bytes.matches("!--->", at: next, to: bytes.count) { return next + 5 }
            if bytes.matches("!--", at: next, to: bytes.count) {
                return Self.find("-->", bytes, from: next + 3, missing: &hasNoComment, &steps)
            }
            if bytes.matches("![cdata[", at: next, to: bytes.count) {
                return Self.find("]]>", bytes, from: next + 8, missing: &hasNoSection, &steps)
            }
            guard next + 1 < bytes.count, bytes[next + 1].isLetter else { return nil }
            return Self.find(">", bytes, from: next + 1, missing: &hasNoDeclaration, &steps)
        }
        let end = HTMLTag.end(bytes, from: start, to: bytes.count)
        steps += (end ?? start) - start
        return end
    }

    private static func find(
        _ text: StaticString, _ bytes: Bytes, from start: Int, missing: inout Bool, _ steps: inout Int
    ) -> Int? {
        if missing { return nil }
        var index = start
        while index < bytes.count {
            if bytes.matches(text, at: index, to: bytes.count) { return index + text.utf8CodeUnitCount }
            index += 1
            steps += 1
        }
        missing = true
        return nil
    }
}
