/// Reads the text of a pattern.
struct PatternParser {
    /// How deep groups may nest.
    private static let greatestDepth = 100
    /// How many look-arounds a pattern may have.
    private static let greatestLooks = 50

    let scalars: [Unicode.Scalar]
    var position = 0
    /// The look-arounds; inner ones come before those they stand in.
    private(set) var looks: [PatternLook] = []
    private var depth = 0
    private var atoms = 0
    private var hasGroup = false

    init(_ source: String) { scalars = Array(source.unicodeScalars) }

    /// The whole pattern.
    mutating func whole() throws(PatternProblem) -> PatternTree {
        let tree = try alternatives()
        guard position == scalars.count else { throw problem("a ) that closes nothing") }
        return tree
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func problem(_ message: String) -> PatternProblem { PatternProblem(message, at: position) }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    mutating func takeAll(_ text: String) -> Bool {
        guard scalars[position...].starts(with: text.unicodeScalars) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    private mutating func alternatives() throws(PatternProblem) -> PatternTree {
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(PatternProblem) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            atoms += 1
            guard atoms <= BoundedPattern.greatestSize else {
                throw problem("too large: it has more than \(BoundedPattern.greatestSize) parts")
            }
            let part = try atom()
            parts.append(try quantified(part))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func atom() throws(PatternProblem) -> PatternTree {
        guard let scalar = next else { return .empty }
        switch scalar {
        case "(": return try group()
        case "*", "+", "?": throw problem("nothing to repeat before \(scalar)")
        case "{":
            let start = position
            guard counts() == nil else {
                position = start
                throw problem("nothing to repeat before {")
            }
        case "[":
            position += 1
            return .scalars(try bracketed())
        case "\\":
            position += 1
            return try escaped()
        default: break
        }
        position += 1
        switch scalar {
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case ".": return .scalars(ScalarSet(ScalarSet.lineEnds, isNegated: true))
        default: return .scalars(ScalarSet(scalar))
        }
    }

    private mutating func group() throws(PatternProblem) -> PatternTree {
        let start = position
        position += 1
        depth += 1
        guard depth <= Self.greatestDepth else { throw problem("groups nest deeper than \(Self.greatestDepth)") }
        defer { depth -= 1 }
        let isFirstGroup = !hasGroup && opensKeepingGroup
        if isFirstGroup { hasGroup = true }
        let look = try opening()
        let body = try alternatives()
        guard take(")") else { throw PatternProblem("a group is not closed", at: start) }
        guard let look else { return isFirstGroup ? .group(body) : body }
        guard looks.count < Self.greatestLooks else {
            throw PatternProblem("more than \(Self.greatestLooks) look-arounds", at: start)
        }
        looks.append(PatternLook(tree: body, isBehind: look.isBehind))
        return .look(looks.count - 1, isNegated: look.isNegated)
    }

    /// Whether what follows a group's parenthesis says that what it matches is kept: nothing does, or a name.
    private var opensKeepingGroup: Bool {
        guard next == "?" else { return true }
        let rest = scalars[position...].dropFirst().prefix(2)
        return rest.first == "<" && rest.last != "=" && rest.last != "!"
    }

    /// What follows a group's parenthesis up to its content; nil when it is no look-around.
    private mutating func opening() throws(PatternProblem) -> (isBehind: Bool, isNegated: Bool)? {
        guard take("?") else { return nil }
        if take(":") { return nil }
        if take("=") { return (false, false) }
        if take("!") { return (false, true) }
        if takeAll("<=") { return (true, false) }
        if takeAll("<!") { return (true, true) }
        if take("<") {
            let start = position
            while let scalar = next, scalar == "$" || scalar.properties.isXIDContinue { position += 1 }
            guard position > start, take(">") else { throw problem("a group's name is expected") }
            return nil
        }
        throw problem("(? is followed by none of : = ! <= <! <name>; flags inside a pattern are not known")
    }

    private mutating func quantified(_ part: PatternTree) throws(PatternProblem) -> PatternTree {
        let range: (minimum: Int, maximum: Int?)
        let start = position
        switch next {
        case "*": range = (0, nil)
        case "+": range = (1, nil)
        case "?": range = (0, 1)
        case "{":
            guard let counted = counts() else { return part }
            range = counted
        default: return part
        }
        if scalars[start] != "{" { position += 1 }
        if let maximum = range.maximum, maximum < range.minimum {
            throw PatternProblem("the numbers of a repetition are in the wrong order", at: start)
        }
        let isLazy = take("?")
        return .repeated(part, minimum: range.minimum, maximum: range.maximum, isLazy: isLazy)
    }

    /// The numbers of `{2}`, `{2,}` or `{2,5}`, read; nil, and nothing read, when the brace begins nothing such.
    private mutating func counts() -> (minimum: Int, maximum: Int?)? {
        let start = position
        position += 1
        if let minimum = number() {
            if take("}") { return (minimum, minimum) }
            if take(",") {
                let maximum = number()
                if take("}") { return (minimum, maximum) }
            }
        }
        position = start
        return nil
    }

    private mutating func number() -> Int? {
        let start = position
        var value = 0
        while let digit = next?.value, digit &- 0x30 < 10 {
            value = min(value * 10 + Int(digit &- 0x30), BoundedPattern.greatestSize + 1)
            position += 1
        }
        return position > start ? value : nil
    }
}
