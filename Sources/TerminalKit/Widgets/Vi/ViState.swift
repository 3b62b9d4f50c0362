/// Whose editing keys hold.
public enum EditingMode: String, Sendable, Hashable, CaseIterable {
    /// Readline's usual ones.
    case emacs
    /// vi's: inserting and normal mode, and a visual one by characters.
    case vi
}

/// Where vi's keys are.
struct ViState: Sendable, Hashable {
    enum Phase: Sendable, Hashable {
        case insert, normal, visual
    }

    enum Operation: Character, Sendable, Hashable {
        case delete = "d"
        case change = "c"
        case yank = "y"
    }

    /// What the next key completes.
    enum Awaited: Sendable, Hashable {
        case nothing
        case find(ViFind.Kind)
        case replacement
        case textObject(isAround: Bool)
        case afterG
    }

    var phase = Phase.insert
    /// Digits typed so far.
    var count: Int?
    /// Digits typed before the operator.
    var operationCount: Int?
    var operation: Operation?
    var awaited = Awaited.nothing
    /// Where a visual selection began.
    var anchor = 0
    var lastFind: ViFind?
    /// The keys of the command being typed, inserted text included.
    var keys: [KeyChord] = []
    /// Where in `keys` inserting began; nil when not part of a command.
    var insertStart: Int?
    /// How often what is inserted is to be there.
    var insertCount = 1
    /// The last change as keys, for `.`.
    var lastChange: [KeyChord] = []
    var isRepeating = false

    /// Whether a command is incomplete.
    var isPending: Bool { phase != .insert && (count != nil || operation != nil || awaited != .nothing) }

    /// The keys of an incomplete command, for the screen.
    var shownKeys: String {
        String(keys.compactMap { if case .character(let character) = $0.key { character } else { nil } }.suffix(8))
    }

    /// Both counts; nil when none was typed.
    var wholeCount: Int? {
        guard count != nil || operationCount != nil else { return nil }
        return min((count ?? 1) * (operationCount ?? 1), LineEditor.mostRepeats)
    }

    mutating func forgetCommand() {
        (count, operationCount, operation, awaited) = (nil, nil, nil, .nothing)
        if phase == .normal { keys = [] }
    }
}

/// A search for a character within the line: `f`, `F`, `t`, `T`.
struct ViFind: Sendable, Hashable {
    enum Kind: Character, Sendable, Hashable {
        case forward = "f"
        case backward = "F"
        case till = "t"
        case tillBackward = "T"

        var reversed: Kind {
            switch self {
            case .forward: .backward
            case .backward: .forward
            case .till: .tillBackward
            case .tillBackward: .till
            }
        }

        var isForward: Bool { self == .forward || self == .till }
    }

    var kind: Kind
    var character: Character
}

/// Where a motion leads, and what an operator takes of the way.
struct ViTarget: Sendable, Hashable {
    enum Extent: Sendable, Hashable {
        case exclusive, inclusive, lines
    }

    var place: Int
    var extent = Extent.exclusive
}
