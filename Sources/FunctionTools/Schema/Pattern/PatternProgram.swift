/// The programs of a pattern: its own, and one for each look-around.
struct PatternPrograms: Sendable {
    let main: PatternProgram
    let looks: [PatternProgram]

    /// Throws when all together are too large; `end` is where that is reported.
    init(_ tree: PatternTree, looks: [PatternLook], end: Int) throws(PatternProblem) {
        let limit = BoundedPattern.greatestSize + 1
        let size = looks.reduce(tree.size(limit: limit)) { min(limit, $0 + $1.tree.size(limit: limit)) }
        guard size < limit else {
            throw PatternProblem(
                "too large: its counted repetitions, written out, make more than \(BoundedPattern.greatestSize) steps",
                at: end)
        }
        main = PatternProgram(tree, isForward: true)
        // What lies ahead is found for all places at once by a run from the end of the text to its start.
        self.looks = looks.map { PatternProgram($0.tree, isForward: $0.isBehind) }
    }
}

/// A pattern as steps of a simulation.
struct PatternProgram: Sendable {
    enum Step: Sendable {
        /// A character of the set of this number, then the next step.
        case scalar(Int)
        /// Both of two steps.
        case split(Int, Int)
        case jump(Int)
        case assertion(PatternTree.Assertion)
        case look(Int, isNegated: Bool)
        /// The group begins, or ends, here.
        case mark(isEnd: Bool)
        case match
    }

    private(set) var steps: [Step] = []
    private(set) var sets: [ScalarSet] = []
    /// Whether it reads the text from its start to its end.
    let isForward: Bool
    /// Whether it can match only at the start of the text.
    let isAnchored: Bool
    /// Whether it marks where the group is. A program that only tells whether it matches needs no such steps.
    private let marksGroup: Bool

    init(_ tree: PatternTree, isForward: Bool, marksGroup: Bool = false) {
        self.isForward = isForward
        self.marksGroup = marksGroup
        isAnchored = isForward && tree.isAnchored
        emit(tree)
        steps.append(.match)
    }

    private mutating func emit(_ tree: PatternTree) {
        switch tree {
        case .empty: break
        case .scalars(let set):
            steps.append(.scalar(sets.count))
            sets.append(set)
        case .sequence(let parts):
            for part in isForward ? parts : parts.reversed() { emit(part) }
        case .choice(let parts): emitChoice(parts)
        case .repeated(let body, let minimum, let maximum, let isLazy): emitRepeated(body, minimum, maximum, isLazy)
        case .group(let body):
            if marksGroup { steps.append(.mark(isEnd: false)) }
            emit(body)
            if marksGroup { steps.append(.mark(isEnd: true)) }
        case .assertion(let assertion): steps.append(.assertion(assertion))
        case .look(let number, let isNegated): steps.append(.look(number, isNegated: isNegated))
        }
    }

    private mutating func emitChoice(_ parts: [PatternTree]) {
        var exits: [Int] = []
        for part in parts.dropLast() {
            let fork = steps.count
            steps.append(.match)
            emit(part)
            exits.append(steps.count)
            steps.append(.match)
            steps[fork] = .split(fork + 1, steps.count)
        }
        if let last = parts.last { emit(last) }
        for exit in exits { steps[exit] = .jump(steps.count) }
    }

    private mutating func emitRepeated(_ body: PatternTree, _ minimum: Int, _ maximum: Int?, _ isLazy: Bool) {
        // A body without steps says nothing, however often.
        guard body.size(limit: 1) > 0 else { return }
        var start = steps.count
        let isFirst = steps.count
        for _ in 0..<minimum {
            start = steps.count
            emit(body)
        }
        guard let maximum else {
            if minimum > 0 {
                steps.append(Self.branch(start, steps.count + 1, isLazy))
            } else {
                steps.append(.match)
                emit(body)
                steps.append(.jump(isFirst))
                steps[isFirst] = Self.branch(isFirst + 1, steps.count, isLazy)
            }
            return
        }
        var forks: [Int] = []
        for _ in minimum..<maximum {
            forks.append(steps.count)
            steps.append(.match)
            emit(body)
        }
        for fork in forks { steps[fork] = Self.branch(fork + 1, steps.count, isLazy) }
    }

    /// Once more, or on: the way that is taken first comes first.
    private static func branch(_ again: Int, _ onward: Int, _ isLazy: Bool) -> Step {
        isLazy ? .split(onward, again) : .split(again, onward)
    }
}
