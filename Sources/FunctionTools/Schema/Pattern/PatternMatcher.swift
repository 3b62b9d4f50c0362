/// One run of a pattern over one text: the set of steps that are reached, moved on character by character.
struct PatternMatcher {
    let text: [UInt32]
    /// For each look-around, whether it matches at each place of the text.
    private(set) var found: [[Bool]] = []
    private var stack: [Int] = []

    init(_ text: String, looks: [PatternProgram]) {
        self.text = text.unicodeScalars.map(\.value)
        for look in looks { found.append(places(of: look)) }
    }

    /// Whether a program matches anywhere.
    mutating func finds(_ program: PatternProgram) -> Bool {
        var isFound = false
        run(program) { _ in
            isFound = true
            return false
        }
        return isFound
    }

    private mutating func places(of program: PatternProgram) -> [Bool] {
        var places = Array(repeating: false, count: text.count + 1)
        run(program) {
            places[$0] = true
            return true
        }
        return places
    }

    /// Calls `report` with each place where the program comes to a match, until it returns false.
    private mutating func run(_ program: PatternProgram, report: (Int) -> Bool) {
        var active = StepSet(count: program.steps.count)
        var reached = StepSet(count: program.steps.count)
        for moved in 0...text.count {
            let place = program.isForward ? moved : text.count - moved
            // A match may begin anywhere, so the first step is reached at every place.
            if moved == 0 || !program.isAnchored { follow(0, at: place, of: program, into: &active) }
            if active.hasMatch, !report(place) { return }
            guard moved < text.count, !(active.members.isEmpty && program.isAnchored) else { return }
            let scalar = text[program.isForward ? place : place - 1]
            let next = program.isForward ? place + 1 : place - 1
            reached.removeAll()
            for step in active.members {
                if case .scalar(let set) = program.steps[step], program.sets[set].contains(scalar) {
                    follow(step + 1, at: next, of: program, into: &reached)
                }
            }
            swap(&active, &reached)
        }
    }

    /// Adds a step and all that it leads to without a character.
    private mutating func follow(_ first: Int, at place: Int, of program: PatternProgram, into set: inout StepSet) {
        stack.append(first)
        while let step = stack.popLast() {
            guard set.isNew(step) else { continue }
            switch program.steps[step] {
            case .scalar: set.members.append(step)
            case .split(let one, let other):
                stack.append(other)
                stack.append(one)
            case .jump(let target): stack.append(target)
            case .mark: stack.append(step + 1)
            case .assertion(let assertion): if holds(assertion, at: place) { stack.append(step + 1) }
            case .look(let number, let isNegated):
                if found[number][place] != isNegated { stack.append(step + 1) }
            case .match: set.hasMatch = true
            }
        }
    }

    func holds(_ assertion: PatternTree.Assertion, at place: Int) -> Bool {
        switch assertion {
        case .start: place == 0
        case .end: place == text.count
        case .boundary: isBoundary(place)
        case .noBoundary: !isBoundary(place)
        }
    }

    private func isBoundary(_ place: Int) -> Bool {
        let before = place > 0 && ScalarSet.isWord(text[place - 1])
        let after = place < text.count && ScalarSet.isWord(text[place])
        return before != after
    }
}

/// A set of steps that is emptied without touching them all.
private struct StepSet {
    /// The steps that wait for a character.
    var members: [Int] = []
    var hasMatch = false
    private var marks: [UInt32]
    private var round: UInt32 = 1

    init(count: Int) { marks = Array(repeating: 0, count: count) }

    /// Whether a step was not seen since the set was emptied; it is now.
    mutating func isNew(_ step: Int) -> Bool {
        guard marks[step] != round else { return false }
        marks[step] = round
        return true
    }

    mutating func removeAll() {
        members.removeAll(keepingCapacity: true)
        hasMatch = false
        round &+= 1
    }
}
