/// A base and all that may join it, as the gate collects and cleans it.
struct GateCluster: Sendable {
    /// The most scalars one cluster keeps.
    static let longest = 32
    /// The most marks one cell keeps.
    private static let mostMarks = 4

    /// The base; nil before one has come, and for marks at the beginning of a line.
    private var base: Unicode.Scalar?
    private var baseClass = CellClass("a")
    /// What joins it; all scalars once it is settled, unless it is the base alone.
    private(set) var scalars: [Unicode.Scalar] = []

    /// The base when there is nothing else and it stays as it is.
    var lone: Unicode.Scalar? { scalars.isEmpty && !baseClass.isUnstable ? base : nil }
    var isEmpty: Bool { base == nil && scalars.isEmpty }
    var count: Int { scalars.count + (base == nil ? 0 : 1) }
    var isModifier: Bool { base != nil && baseClass.kind == .modifier }
    /// Whether the settled cluster ends with a joiner.
    var endsJoined: Bool { scalars.last == Self.zwj }

    private static let zwj: Unicode.Scalar = "\u{200D}"

    mutating func removeAll() {
        base = nil
        if !scalars.isEmpty { scalars.removeAll(keepingCapacity: true) }
    }

    /// Begins a cluster; the one before must be settled and removed.
    mutating func begin(_ base: Unicode.Scalar, _ baseClass: CellClass) {
        self.base = base
        self.baseClass = baseClass
    }

    /// Adds an extender; false = it is too much.
    mutating func extend(_ scalar: Unicode.Scalar) -> Bool {
        guard count < Self.longest else { return false }
        scalars.append(scalar)
        return true
    }

    /// Applies the rules, after which all scalars are in `scalars`; returns how many were left out. `room` is what the
    /// emoji sequence may still take.
    mutating func settle(next: Unicode.Scalar?, room: Int) -> Int {
        var hasBase = base != nil
        if let base { scalars.insert(base, at: 0) }
        base = nil
        var left = 0
        // Taking something out can bring together what composes, and composing can change what a joiner stands
        // between; each round that changes anything but the first shortens the cluster.
        for _ in 0...2 * Self.longest {
            let before = scalars
            left += filter(hasBase: hasBase, next: next, room: room)
            if !hasBase, !scalars.isEmpty {
                scalars.insert("\u{25CC}", at: 0)
                hasBase = true
            }
            scalars = Normalization.compose(scalars)
            left += limitMarks()
            if scalars == before { break }
        }
        return left
    }

    private mutating func filter(hasBase: Bool, next: Unicode.Scalar?, room: Int) -> Int {
        var kept: [Unicode.Scalar] = []
        kept.reserveCapacity(scalars.count)
        let flag = hasBase ? GateContext.flagTags(scalars) : 0
        for (index, scalar) in scalars.enumerated() {
            let keeps =
                switch CellClass(scalar).kind {
                case .tag: index <= flag
                case .selector: hasBase && index == 1 && GateContext.takesSelector(scalars[0], scalar)
                case .joiner: hasBase && keepsJoiner(at: index, after: kept, next: next, room: room)
                default: true
                }
            if keeps { kept.append(scalar) }
        }
        defer { scalars = kept }
        return scalars.count - kept.count
    }

    private func keepsJoiner(at index: Int, after kept: [Unicode.Scalar], next: Unicode.Scalar?, room: Int) -> Bool {
        guard let previous = kept.last, CellClass(previous).kind != .joiner else { return false }
        let isLast = index == scalars.count - 1
        if isLast, scalars[index] == Self.zwj, let next, GateContext.joinsEmoji(kept, next) {
            return kept.count + 1 < room
        }
        guard GateContext.usesJoiners(kept[0]) else { return false }
        if CellClass(previous).isVirama { return true }
        guard let following = isLast ? next : scalars[index + 1] else { return false }
        return GateContext.usesJoiners(following)
    }

    private mutating func limitMarks() -> Int {
        var marks = 0
        let before = scalars.count
        scalars.removeAll {
            switch CellClass($0).kind {
            case .mark, .jamo:
                marks += 1
                return marks > Self.mostMarks
            case .joiner, .selector, .tag: return false
            default:
                marks = 0
                return false
            }
        }
        if scalars.count > Self.longest { scalars.removeLast(scalars.count - Self.longest) }
        return before - scalars.count
    }
}

/// Where the invisible parts of sequences belong.
enum GateContext {
    /// How many tags after the base make one of the three standard flags (England, Scotland, Wales); 0 = they do not.
    static func flagTags(_ scalars: [Unicode.Scalar]) -> Int {
        guard scalars.count >= 7, scalars[0].value == 0x1F3F4 else { return 0 }
        let name = scalars[1...6].map { UInt8(truncatingIfNeeded: $0.value) }
        guard scalars[1...6].allSatisfy({ $0.value >> 8 == 0xE00 }) else { return 0 }
        return flags.contains(name) ? 6 : 0
    }

    private static let flags = ["gbeng\u{7F}", "gbsct\u{7F}", "gbwls\u{7F}"].map { Array($0.utf8) }

    /// Whether a variation sequence of the two can exist.
    static func takesSelector(_ base: Unicode.Scalar, _ selector: Unicode.Scalar) -> Bool {
        let baseClass = CellClass(base)
        guard !baseClass.isUnstable else { return false }
        switch selector.value {
        case 0xFE0E, 0xFE0F:
            return baseClass.isPictograph || base.value &- 0x30 < 10 || base == "#" || base == "*"
        case 0x180B...0x180F: return base.value >> 8 == 0x18
        case 0xE0100...0xE01EF: return baseClass.kind == .wide
        default: return !base.isASCII || base == "0"
        }
    }

    /// Whether a zero-width joiner between them makes an emoji sequence.
    static func joinsEmoji(_ before: [Unicode.Scalar], _ next: Unicode.Scalar) -> Bool {
        guard let base = before.first, CellClass(next).isPictograph else { return false }
        let baseClass = CellClass(base)
        guard baseClass.isPictograph || baseClass.kind == .modifier else { return false }
        return before.count == 1 || (before.count == 2 && CellClass(before[1]).kind == .selector)
    }

    /// Whether a code point is of a script that writes with ZWJ and ZWNJ: Arabic and its kin, the Brahmic scripts,
    /// Mongolian, and a few like them. Whole blocks.
    static func usesJoiners(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0620...0x06FF, 0x0700...0x08FF, 0x0900...0x0DFF, 0x0F00...0x109F, 0x1700...0x18AF, 0x1A20...0x1AAF,
            0x1B00...0x1C4F, 0xA800...0xA82F, 0xA840...0xA8FF, 0xA930...0xA9DF, 0xAA00...0xAAFF, 0xABC0...0xABFF,
            0x10A00...0x10A5F, 0x10AC0...0x10AFF, 0x10B80...0x10BAF, 0x10D00...0x10D3F, 0x10F30...0x10FDF,
            0x11000...0x11DFF, 0x1E900...0x1E95F:
            true
        default: false
        }
    }
}
